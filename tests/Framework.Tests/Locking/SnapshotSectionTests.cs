namespace SmallRtnl.Tests.Locking;

public sealed class SnapshotSectionTests
{
    [Fact]
    public void A_section_reads_one_version_while_a_writer_publishes_others()
    {
        using var host = new TestHost();
        Net net = host.Create("a"), peer = host.Create("b");
        using var reader = RtnlContext.Create();
        using (SnapshotSection section = net.ReadSnapshot(reader))
        {
            ulong before = section.Snapshot.Generation;
            var writer = new Thread(() =>
            {
                using var context = RtnlContext.Create();
                using RtnlLease lease = net.Lock(context);
                context.Stage(net, NsidTable.Empty.With(1, peer));
                context.Commit();
            });
            writer.Start();
            while (net.Snapshot.Generation == before)
                Thread.Sleep(1);
            Assert.Same(NsidTable.Empty, reader.Read<NsidTable>(net));
            Assert.Equal(before, section.Snapshot.Generation);
        }
        Assert.NotSame(NsidTable.Empty, reader.Read<NsidTable>(net));
    }

    [Fact]
    public void Rcu_is_readable_in_a_section_and_not_replaceable()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var rcu = new Rcu<string>("value");
        using var context = RtnlContext.Create();
        using (net.ReadSnapshot(context))
        {
            Assert.Equal("value", rcu.Read(net));
            Assert.Throws<RtnlAssertionException>(() => rcu.Dereference(net));
            Assert.Throws<RtnlAssertionException>(() => rcu.Replace(net, "other"));
        }
        Assert.Throws<RtnlAssertionException>(() => rcu.Read(net));
    }

    [Fact]
    public void Rcu_is_replaceable_under_a_synchronous_lease_and_not_after_it()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        var rcu = new Rcu<string>("before");
        using var context = RtnlContext.Create();
        using (net.Lock(context))
            Assert.Equal("before", rcu.Replace(net, "after"));
        Assert.Throws<RtnlAssertionException>(() => rcu.Dereference(net));
    }

    [Fact]
    public void A_lock_in_a_section_is_refused()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        using (net.ReadSnapshot(context))
        {
            Assert.Throws<RtnlAssertionException>(() => { using RtnlLease lease = net.Lock(context); });
            Assert.Throws<RtnlAssertionException>(() => { using RtnlLease lease = host.Gate.Lock(context); });
        }
        Assert.True(net.TryLock(context, out RtnlLease free));
        free.Dispose();
    }

    [Fact]
    public void Sections_nest_and_may_stand_under_a_lock()
    {
        using var host = new TestHost();
        Net net = host.Create("a");
        using var context = RtnlContext.Create();
        using (net.ReadSnapshot(context))
        {
            using (net.ReadSnapshot(context))
                RtnlAssert.ReaderOrHeld(net);
            RtnlAssert.ReaderOrHeld(net);
        }
        using (net.Lock(context))
        {
            using (net.ReadSnapshot(context))
                RtnlAssert.NetHeld(net);
            RtnlAssert.NetHeld(net);
        }
    }
}
