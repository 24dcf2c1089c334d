namespace SmallRtnl.Tests.Locking;

/// <summary>What calls of [RequiresLock] methods assert, form by form, and above all where no analyzer can follow.</summary>
public sealed class RequiredLockCallTests
{
    /// <summary>Every form of call that an interceptor can take.</summary>
    public static TheoryData<string> Forms => [.. s_forms.Keys];

    private static readonly Dictionary<string, Action<Ledger, Net>> s_forms = new()
    {
        ["of an instance"] = static (ledger, _) => ledger.Count(),
        ["with a result"] = static (ledger, _) => Assert.Equal(3, ledger.Sum(1, 2)),
        ["of a static method"] = static (_, _) => Ledger.Global(),
        ["by a bare name"] = static (ledger, _) => ledger.CountInside(),
        ["of an extension method"] = static (ledger, _) => ledger.CountTwice(),
        ["of an extension method as a static one"] = static (ledger, _) => LedgerExtensions.CountTwice(ledger),
        ["of an interface"] = static (ledger, _) => ((ILedger)ledger).CountByInterface(),
        ["of an implementation, which inherits it"] = static (ledger, _) => ledger.CountByInterface(),
        ["of a virtual method"] = static (ledger, _) => ledger.CountVirtually(),
        ["of an override, which inherits it"] = static (_, _) => new SealedLedger().CountVirtually(),
        ["of a generic method"] = static (ledger, _) => Assert.Equal("a", ledger.Echo("a")),
        ["of a generic method of a value"] = static (ledger, _) => Assert.Equal(4, ledger.Echo(4)),
        ["of a generic type"] = static (_, _) => new Box<string, int>("x").Put(1, new List<int>()),
        ["on a condition"] = static (ledger, _) => ((Ledger?)ledger)?.Count(),
        ["by reference"] = static (ledger, _) =>
        {
            int a = 1;
            ledger.ByReference(ref a, in a, out int b);
            Assert.Equal((2, 2), (a, b));
            ledger.Slot() = 5;
        },
        ["with defaults and params"] = static (ledger, _) => Assert.Equal(10, ledger.Defaults(rest: [1, 2])),
        ["of a readonly struct"] = static (_, _) =>
        {
            var entry = new Entry(1);
            entry.Touch();
            new Entry(2).Touch();
        },
        ["of a nested type"] = static (_, _) => new Ledger.Page().Turn(),
        ["with a namespace"] = static (ledger, net) => ledger.Of(net),
        ["with two locks"] = static (ledger, net) => ledger.OfBoth(net),
        ["in an iterator"] = static (ledger, _) => Assert.Equal([1], Ledger.Walk(ledger).ToArray()),
        ["in a local function"] = static (ledger, _) =>
        {
            Inner();
            void Inner() => ledger.Count();
        },
        ["in an argument"] = static (ledger, _) => Assert.Equal(6, ledger.Sum(ledger.Sum(1, 2), ledger.Echo(3))),
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_call_without_the_lock_is_refused_and_one_with_it_goes_through(string form)
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var ledger = new Ledger();
        Action<Ledger, Net> call = s_forms[form];
        using var context = RtnlContext.Create();
        using (net.Lock(context))
            call(ledger, net);
        using (host.Gate.Lock(context))
            call(ledger, net);
        int before = ledger.Calls;
        Assert.Throws<RtnlAssertionException>(() => call(ledger, net));
        Assert.Equal(before, ledger.Calls);
    }

    [Fact]
    public void Another_namespaces_lock_is_not_enough_where_the_method_says_whose()
    {
        using var host = new TestHost();
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        using (a.Lock(context))
            Assert.Throws<RtnlAssertionException>(() => new Ledger().Of(b));
    }

    [Fact]
    public void A_namespaces_lock_is_not_the_whole_of_RTNL()
    {
        using var host = new TestHost();
        using var context = RtnlContext.Create();
        using (host.Create("a").Lock(context))
            Assert.Throws<RtnlAssertionException>(() => new Ledger().Whole());
        using (host.Gate.Lock(context))
            new Ledger().Whole();
    }

    [Fact]
    public async Task The_owner_that_is_handed_over_is_who_is_asked()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        // An asynchronous lease of ordinary code leaves no note on the thread.
        using (await net.LockAsync(context, TestContext.Current.CancellationToken))
            new Ledger().By(context, net);
        Assert.Throws<RtnlAssertionException>(() => new Ledger().By(context, net));
    }

    [Fact]
    public async Task Ordinary_code_that_locks_asynchronously_says_that_it_is_who_runs()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var ledger = new Ledger();
        using var context = RtnlContext.Create();
        using (await net.LockAsync(context, TestContext.Current.CancellationToken))
        {
            using (context.OnThisThread())
                ledger.Count();
            string message = Assert.Throws<RtnlAssertionException>(ledger.CountInside).Message;
            Assert.Contains(nameof(RtnlContext.OnThisThread), message, StringComparison.Ordinal);
        }
        using (context.OnThisThread())
            Assert.Throws<RtnlAssertionException>(ledger.CountInside);
        Assert.Equal(1, ledger.Calls);
    }

    [Fact]
    public void A_lock_of_a_class_of_ones_own_is_known_while_lockdep_is_on()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SMALLRTNL_LOCKDEP") == "on", "Who holds which is known to lockdep alone.");
        using var host = new TestHost();
        var page = new PageLock();
        var ledger = new Ledger();
        using var context = RtnlContext.Create();
        using (host.Create("a").Lock(context))
        {
            Assert.Throws<RtnlAssertionException>(ledger.TurnPageCall);
            using (page.Lock(context))
                ledger.TurnPageCall();
        }
    }

    [Fact]
    public void A_delegate_kept_for_later_is_caught()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var ledger = new Ledger();
        Action? kept = null;
        using var context = RtnlContext.Create();
        using (net.Lock(context))
        {
            kept = () => ledger.Count();
            kept();
        }
        Assert.Throws<RtnlAssertionException>(kept);
        Assert.Equal(1, ledger.Calls);
    }

    [Fact]
    public async Task Work_that_was_merely_started_is_caught()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var ledger = new Ledger();
        using var context = RtnlContext.Create();
        Task started;
        using (net.Lock(context))
            started = Task.Run(() => ledger.Count(), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<RtnlAssertionException>(() => started);
    }

    [Fact]
    public void An_escape_from_the_analyzer_is_none_from_the_assertion()
    {
        Assert.Throws<RtnlAssertionException>(() => Escaped(new Ledger()));

        [LockDisciplineIgnore("the test wants to see it fail")]
        static void Escaped(Ledger ledger) => ledger.Count();
    }

    [Fact]
    public void Nor_is_one_of_a_whole_method() => Assert.Throws<RtnlAssertionException>(() => EscapedMethod(new Ledger()));

    [LockDisciplineIgnore("the test wants to see it fail")]
    private static void EscapedMethod(Ledger ledger) => ledger.Count();

    /// <summary>C# has no interceptor for these: they are the analyzer's alone, and documented as such.</summary>
    [Fact]
    public void What_cannot_be_intercepted_runs_as_it_is()
    {
        var ledger = new Ledger();
        Action group = ledger.Count;
        group();
        _ = ledger.Property;
        _ = new SealedLedger().CountOnTheBase();
        Assert.Equal(2, ledger.Calls);
    }
}

public sealed class PageLock : LockClass;

public interface ILedger
{
    [RequiresLock(RtnlLock.PerNet)]
    void CountByInterface();
}

public class Ledger : ILedger
{
    private int _slot;

    public int Calls { get; private set; }

    [RequiresLock(RtnlLock.PerNet)]
    public int Property => ++Calls;

    [RequiresLock(RtnlLock.PerNet)]
    public static void Global()
    {
    }

    public static IEnumerable<int> Walk(Ledger ledger)
    {
        ledger.Count();
        yield return 1;
    }

    [RequiresLock(RtnlLock.PerNet)]
    public void Count() => Calls++;

    public void CountInside() => Count();

    public void CountByInterface() => Calls++;

    [RequiresLock(RtnlLock.PerNet)]
    public virtual int CountVirtually() => ++Calls;

    [RequiresLock(RtnlLock.PerNet)]
    public int Sum(int a, int b)
    {
        Calls++;
        return a + b;
    }

    [RequiresLock(RtnlLock.PerNet)]
    public T Echo<T>(T value)
        where T : notnull => value;

    [RequiresLock(RtnlLock.PerNet)]
    public void ByReference(ref int a, in int b, out int c)
    {
        a++;
        c = b;
    }

    [RequiresLock(RtnlLock.PerNet)]
    public ref int Slot() => ref _slot;

    [RequiresLock(RtnlLock.PerNet)]
    public int Defaults(int first = 7, params int[] rest) => first + rest.Sum();

    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Of(Net net) => _ = net;

    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    [RequiresLock(RtnlLock.PerNet)]
    public void OfBoth(Net net) => _ = net;

    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void By(RtnlContext context, Net net) => _ = (context, net);

    [RequiresLock(RtnlLock.Rtnl)]
    public void Whole() => Calls++;

    [RequiresLock(typeof(PageLock))]
    public void TurnPage() => Calls++;

    public void TurnPageCall() => TurnPage();

    public sealed class Page
    {
        [RequiresLock(RtnlLock.PerNet)]
        public void Turn()
        {
        }
    }
}

public sealed class SealedLedger : Ledger
{
    public override int CountVirtually() => 1;

    public int CountOnTheBase() => base.CountVirtually();
}

public readonly struct Entry(int value)
{
    [RequiresLock(RtnlLock.PerNet)]
    public int Touch() => value;
}

public sealed class Box<TKey, TValue>(TKey key)
    where TKey : class
    where TValue : struct, IComparable<TValue>
{
    [RequiresLock(RtnlLock.PerNet)]
    public TKey Put<TList>(TValue value, TList list)
        where TList : IList<TValue>, new()
    {
        list.Add(value);
        return key;
    }
}

public static class LedgerExtensions
{
    [RequiresLock(RtnlLock.PerNet)]
    public static void CountTwice(this Ledger ledger) => _ = ledger;
}
