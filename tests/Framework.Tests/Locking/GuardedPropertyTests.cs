using System.Reflection;

namespace SmallRtnl.Tests.Locking;

/// <summary>What the generated accessors assert, above all where no analyzer can follow.</summary>
public sealed class GuardedPropertyTests
{
    [Fact]
    public void State_of_a_namespace_needs_that_namespace()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        var state = new OfNet(a);
        using var context = RtnlContext.Create();
        using (a.Lock(context))
        {
            state.Count = 2;
            Assert.Equal(2, state.Count);
        }
        using (b.Lock(context))
        {
            Assert.Throws<RtnlAssertionException>(() => state.Count = 3);
            Assert.Throws<RtnlAssertionException>(() => state.Count);
        }
        using (host.Gate.Lock(context))
            Assert.Equal(2, state.Count);
    }

    [Fact]
    public void State_of_no_namespace_needs_any()
    {
        using var host = new TestHost();
        var state = new Global();
        using var context = RtnlContext.Create();
        using (host.Create("a").Lock(context))
            state.Any = 1;
        Assert.Throws<RtnlAssertionException>(() => state.Any = 2);
    }

    [Fact]
    public void State_of_the_whole_is_read_under_a_namespace_and_written_under_the_whole()
    {
        using var host = new TestHost();
        var state = new Global();
        using var context = RtnlContext.Create();
        using (host.Create("a").Lock(context))
        {
            Assert.Equal(7, state.Whole);
            Assert.Throws<RtnlAssertionException>(() => state.Whole = 8);
        }
        using (host.Gate.Lock(context))
            state.Whole = 9;
        Assert.Throws<RtnlAssertionException>(() => state.Whole);
    }

    [Fact]
    public void A_lock_of_ones_own_is_found_in_the_type()
    {
        using var host = new TestHost();
        var state = new Own();
        using var context = RtnlContext.Create();
        // A lock of one's own leaves no note; the namespace's does.
        using (host.Create("a").Lock(context))
        {
            Assert.Throws<RtnlAssertionException>(() => state.Item = "before");
            using (state.Lock.Lock(context))
                state.Item = "after";
        }
    }

    [Fact]
    public void Initialisers_and_init_assert_nothing() => Assert.Equal(5, new OfInit { Once = 5 }.Unguarded());

    [Fact]
    public void A_delegate_kept_for_later_is_caught()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var state = new OfNet(net);
        Action? kept = null;
        using var context = RtnlContext.Create();
        using (net.Lock(context))
        {
            kept = () => state.Count++;
            kept();
        }
        Assert.Throws<RtnlAssertionException>(kept);
    }

    [Fact]
    public void Reflection_and_dynamic_are_caught()
    {
        using var host = new TestHost();
        var state = new OfNet(host.Create("a"));
        PropertyInfo property = typeof(OfNet).GetProperty(nameof(OfNet.Count))!;
        var failure = Assert.Throws<TargetInvocationException>(() => property.SetValue(state, 1));
        Assert.IsType<RtnlAssertionException>(failure.InnerException);
        dynamic late = state;
        Assert.Throws<RtnlAssertionException>(() => late.Count = 1);
    }

    [Fact]
    public void An_escape_from_the_analyzer_is_none_from_the_assertion()
    {
        using var host = new TestHost();
        var state = new OfNet(host.Create("a"));
        Assert.Throws<RtnlAssertionException>(() => Escaped(state));

        [LockDisciplineIgnore("the test wants to see it fail")]
        static void Escaped(OfNet state) => state.Count = 1;
    }
}

public sealed partial class OfNet(Net net)
{
    public Net Net { get; } = net;

    [GuardedBy(RtnlLock.PerNet)]
    public partial int Count { get; set; }
}

public sealed partial class Global
{
    [GuardedBy(RtnlLock.PerNet)]
    public partial int Any { get; set; }

    [GuardedBy(RtnlLock.Rtnl)]
    public partial int Whole { get; set; } = 7;
}

public sealed class OwnLock : LockClass;

public sealed partial class Own
{
    public OwnLock Lock { get; } = new();

    [GuardedBy(typeof(OwnLock))]
    public partial string? Item { get; set; }
}

public sealed partial class OfInit
{
    [GuardedBy(RtnlLock.Rtnl)]
    public partial int Once { private get; init; } = 4;

    /// <summary>Asks past the getter, which would assert.</summary>
    public int Unguarded()
    {
        foreach (FieldInfo field in typeof(OfInit).GetFields(BindingFlags.Instance | BindingFlags.NonPublic))
            return (int)field.GetValue(this)!;
        return 0;
    }
}
