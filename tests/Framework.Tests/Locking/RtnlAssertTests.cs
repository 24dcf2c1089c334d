namespace SmallRtnl.Tests.Locking;

public sealed class RtnlAssertTests
{
    [Theory]
    [InlineData(RtnlMode.PerNet)]
    [InlineData(RtnlMode.Nested)]
    [InlineData(RtnlMode.BigLock)]
    public void Assertions_judge_the_word_granted_whatever_the_mode(RtnlMode mode)
    {
        using var host = new TestHost(mode);
        Net a = host.Create("a"), b = host.Create("b");
        using var context = RtnlContext.Create();
        using (a.Lock(context))
        {
            RtnlAssert.NetHeld(a, context);
            RtnlAssert.ReaderOrHeld(a, context);
            Assert.Throws<RtnlAssertionException>(() => RtnlAssert.NetHeld(b, context));
            Assert.Throws<RtnlAssertionException>(() => RtnlAssert.Held(context));
        }
        using (host.Gate.Lock(context))
        {
            RtnlAssert.Held(context);
            RtnlAssert.NetHeld(a, context);
            RtnlAssert.NetHeld(b, context);
        }
        Assert.Throws<RtnlAssertionException>(() => RtnlAssert.NetHeld(a, context));
    }

    [Fact]
    public void Somebody_elses_lock_satisfies_no_assertion()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var holder = RtnlContext.Create();
        using var other = RtnlContext.Create();
        using (net.Lock(holder))
        {
            var failure = Assert.Throws<RtnlAssertionException>(() => RtnlAssert.NetHeld(net, other));
            Assert.Contains("this request holds nothing", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Without_a_request_on_the_thread_nothing_is_held()
    {
        using var host = new TestHost();
        Assert.Throws<RtnlAssertionException>(() => RtnlAssert.Held());
        Assert.Throws<RtnlAssertionException>(() => RtnlAssert.NetHeld(host.Registry.Initial));
    }

    [Fact]
    public void Rcu_is_readable_under_the_lock_and_replaceable_only_there()
    {
        using var host = new TestHost();
        Net net = host.Registry.Initial;
        var rcu = new Rcu<string>("before");
        Assert.Throws<RtnlAssertionException>(() => rcu.Replace(net, "after"));
        Assert.Throws<RtnlAssertionException>(() => rcu.Read(net));
        using var context = RtnlContext.Create();
        using (net.Lock(context))
        {
            RtnlContext? note = context.Note();
            Assert.Equal("before", rcu.Replace(net, "after"));
            Assert.Equal("after", rcu.Read(net));
            Assert.Equal("after", rcu.Dereference(net));
            RtnlContext.RestoreNote(note);
        }
    }
}
