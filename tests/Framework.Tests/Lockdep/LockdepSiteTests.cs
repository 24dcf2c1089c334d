using System.Runtime.CompilerServices;

namespace SmallRtnl.Tests.Lockdeps;

/// <summary>A report names the call that took each lock, not the first that ever took locks in that sequence.</summary>
[Collection(nameof(LockdepAlone))]
public sealed class LockdepSiteTests
{
    [Fact]
    public void A_namespace_is_named_with_the_line_that_took_it_though_another_did_so_before()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var inner = new SiteLock();
        using var context = RtnlContext.Create();
        // The sequence is known from here on, with another line.
        using (net.Lock(context))
        {
        }
        LockdepReport report;
        int line = Line() + 1;
        using (net.Lock(context))
        {
            inner.Lock(context).Dispose();
            report = Assert.Throws<LockdepException>(() => { using RtnlLease again = net.Lock(RtnlContext.Create()); }).Report!;
        }
        Assert.Contains(report.Sites, site => site.Lock == "net" && site.Line == line && site.File!.EndsWith("LockdepSiteTests.cs", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_second_owner_that_blocks_the_thread_of_the_first_is_the_same_flow(bool isWhole)
    {
        using var host = new TestHost();
        Net low = host.Create("a"), high = host.Create("b");
        using var first = RtnlContext.Create();
        using var second = RtnlContext.Create();
        using (high.Lock(first))
        {
            LockdepReport report = Assert.Throws<LockdepException>(() =>
            {
                using RtnlLease lease = isWhole ? host.Gate.Lock(second) : low.Lock(second);
            }).Report!;
            Assert.Equal(isWhole ? LockdepReportKind.SelfDeadlock : LockdepReportKind.InstanceOrder, report.Kind);
        }
        // Nothing is left of the attempt.
        using (low.Lock(second))
            RtnlAssert.NetHeld(low);
    }

    [Fact]
    public async Task What_is_only_started_under_a_lease_is_no_part_of_its_flow()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var first = RtnlContext.Create();
        using var second = RtnlContext.Create();
        ValueTask<AsyncRtnlLease> started = StartUnder(net, first, second);
        (await started).Dispose();

        static ValueTask<AsyncRtnlLease> StartUnder(Net net, RtnlContext holder, RtnlContext waiter)
        {
            using RtnlLease lease = net.Lock(holder);
            return net.LockAsync(waiter);
        }
    }

    [Fact]
    public void A_broken_assertion_says_what_is_held_by_whom_and_since_where()
    {
        using var host = new TestHost();
        Net held = host.Create("held"), other = host.Create("other");
        using var context = RtnlContext.Create();
        int line = Line() + 1;
        using (held.Lock(context))
        {
            string message = Assert.Throws<RtnlAssertionException>(() => RtnlAssert.NetHeld(other)).Message;
            Assert.Contains("the RTNL of namespace other must be held here; this request holds the RTNL of held (owner #", message, StringComparison.Ordinal);
            Assert.Contains($"LockdepSiteTests.cs:line {line})", message, StringComparison.Ordinal);
        }
    }

    private static int Line([CallerLineNumber] int line = 0) => line;

    private sealed class SiteLock : LockClass;
}
