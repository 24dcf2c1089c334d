using SmallRtnl.Links;

namespace SmallRtnl.Handlers.Tests.Links;

/// <summary>Links whose peers live elsewhere, and links that move; in each mode.</summary>
public sealed class LinkNamespaceTests
{
    private const int HandleOfB = 70;

    public static TheoryData<RtnlMode> Modes => [RtnlMode.PerNet, RtnlMode.Nested, RtnlMode.BigLock];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_peer_is_made_in_the_namespace_that_a_handle_names(RtnlMode mode)
    {
        using var pair = new Nets(mode);
        pair.A.Listen();
        pair.B.Listen();
        Assert.True((await pair.A.AddPairAsync("v0", InB("v1"))).IsOk);
        Assert.Equal("RTM_NEWNSID 0, new v0 None Down noop at 2 in 0", pair.A.Heard());
        Assert.Equal("new v1 None Down noop at 0, RTM_NEWNSID 0", pair.B.Heard());
        LinkMessage peer = await pair.B.GetAsync("v1");
        Assert.Equal((2, 0), (peer.Link, peer.LinkNetnsId));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task The_id_of_a_namespace_says_nothing_of_where_a_peer_is_made(RtnlMode mode)
    {
        using var pair = new Nets(mode);
        await pair.A.AddPairAsync("v0", InB("v1"));
        Assert.True((await pair.A.AddPairAsync("w0", new LinkMessage { Name = new InterfaceName("w1"), TargetNetnsId = 0 })).IsOk);
        Assert.True((await pair.A.AddPairAsync("x0", new LinkMessage { Name = new InterfaceName("x1"), TargetNetnsId = 5 })).IsOk);
        Assert.Equal("lo v1", await pair.B.NamesAsync());
        Assert.Equal("lo v0 w1 w0 x1 x0", await pair.A.NamesAsync());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_link_is_deleted_in_the_namespace_that_an_id_names(RtnlMode mode)
    {
        using var pair = new Nets(mode);
        await pair.A.AddPairAsync("v0", InB("v1"));
        await pair.B.AddAsync("d0", "dummy");
        Assert.Equal(Errno.ENODEV, (await pair.A.DeleteAsync("d0")).Errno);
        Assert.True((await pair.A.DeleteAsync("d0", attributes: new LinkMessage { TargetNetnsId = 0 })).IsOk);
        Assert.Equal("lo v1", await pair.B.NamesAsync());
    }

    [Fact]
    public async Task A_clash_in_the_peers_namespace_leaves_nothing_in_either_one()
    {
        using var pair = new Nets(RtnlMode.PerNet);
        pair.A.Listen();
        pair.B.Listen();
        Assert.Equal(Errno.EEXIST, (await pair.A.AddPairAsync("v0", InB("lo"))).Errno);
        Assert.Equal(Errno.EEXIST, (await pair.A.AddPairAsync("lo", InB("v1"))).Errno);
        Assert.Equal(Errno.EINVAL, (await pair.A.AddPairAsync("..", InB("v1"))).Errno);
        Assert.Equal("lo", await pair.A.NamesAsync());
        Assert.Equal("lo", await pair.B.NamesAsync());
        Assert.Equal("", await pair.A.NetIdsAsync());
        Assert.Equal("", pair.A.Heard() + pair.B.Heard());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task The_carrier_crosses_namespaces(RtnlMode mode)
    {
        using var pair = new Nets(mode);
        await pair.A.AddPairAsync("v0", InB("v1"));
        await pair.A.SetUpAsync("v0");
        pair.A.Listen();
        pair.B.Listen();
        await pair.B.SetUpAsync("v1");
        Assert.Equal("new v0 IFF_UP, IFF_LOWER_UP Up noqueue at 2 in 0", pair.A.Heard());
        Assert.Equal("new v1 IFF_UP, IFF_LOWER_UP Down noqueue at 2 in 0, new v1 IFF_UP, IFF_LOWER_UP Up noqueue at 2 in 0", pair.B.Heard());
        await pair.A.SetDownAsync("v0");
        Assert.Equal((byte)0, (await pair.B.GetAsync("v1")).Carrier);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Deleting_one_end_deletes_the_other_elsewhere(RtnlMode mode)
    {
        using var pair = new Nets(mode);
        await pair.A.AddPairAsync("v0", InB("v1"));
        pair.A.Listen();
        Assert.True((await pair.B.DeleteAsync("v1")).IsOk);
        Assert.Equal("lo", await pair.A.NamesAsync());
        Assert.Equal("lo", await pair.B.NamesAsync());
        Assert.Equal("del v0 None Down noop at 0", pair.A.Heard());
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_link_moves_down_and_away_and_arrives_as_new(RtnlMode mode)
    {
        using var pair = new Nets(mode);
        await pair.A.AddPairAsync("v0", InB("v1"));
        await pair.A.SetUpAsync("v0");
        await pair.B.SetUpAsync("v1");
        pair.A.Listen();
        pair.B.Listen();
        Assert.True((await pair.A.SetAsync("v0", new LinkMessage { NetNsFd = HandleOfB })).IsOk);
        Assert.Equal("new v0 None Down noqueue at 2 in 0, del v0 None Down noop at 2 in 0 to 3 in 0", pair.A.Heard());
        Assert.Equal("new v0 None Down noop at 2, new v1 IFF_UP LowerLayerDown noqueue at 3", pair.B.Heard());
        Assert.Equal("lo", await pair.A.NamesAsync());
        Assert.Equal("lo v1 v0", await pair.B.NamesAsync());
        Assert.Null((await pair.B.GetAsync("v1")).LinkNetnsId);
        Assert.Equal(3, (await pair.B.GetAsync("v1")).Link);
    }

    [Fact]
    public async Task A_link_keeps_its_index_where_it_is_free_and_gets_the_next_where_it_is_taken()
    {
        using var pair = new Nets(RtnlMode.PerNet);
        await pair.A.AddAsync("a", "dummy");
        await pair.A.AddAsync("b", "dummy");
        await pair.B.AddAsync("x", "dummy");
        await pair.A.SetAsync("b", new LinkMessage { NetNsFd = HandleOfB });
        await pair.A.SetAsync("a", new LinkMessage { NetNsFd = HandleOfB });
        Assert.Equal(3, (await pair.B.GetAsync("b")).Header.Index);
        Assert.Equal(4, (await pair.B.GetAsync("a")).Header.Index);
    }

    [Fact]
    public async Task A_name_taken_in_the_target_is_EEXIST_unless_another_comes_along()
    {
        using var pair = new Nets(RtnlMode.PerNet);
        await pair.A.AddAsync("d", "dummy");
        await pair.B.AddAsync("d", "dummy");
        var move = new LinkMessage { NetNsFd = HandleOfB };
        Assert.Equal(new NetlinkAck(Errno.EEXIST, "An interface with the same name exists in the target netns", 0), await pair.A.SetAsync("d", move));
        Assert.Equal("lo d", await pair.A.NamesAsync());
        Assert.True((await pair.A.SetAsync("d", move with { Name = new InterfaceName("e") })).IsOk);
        Assert.Equal("lo d e", await pair.B.NamesAsync());
    }

    [Fact]
    public async Task A_move_that_fails_after_all_has_not_happened()
    {
        using var pair = new Nets(RtnlMode.PerNet);
        await pair.A.AddPairAsync("v0", "v1");
        pair.B.Listen();
        Assert.Equal(Errno.EINVAL, (await pair.A.SetAsync("v0", new LinkMessage { NetNsFd = HandleOfB, Mtu = 10 })).Errno);
        Assert.Equal("lo v1 v0", await pair.A.NamesAsync());
        Assert.Equal("lo", await pair.B.NamesAsync());
        Assert.Equal("", pair.B.Heard());
        Assert.True((await pair.A.DeleteAsync("v0")).IsOk);
    }

    [Fact]
    public async Task The_loopback_device_does_not_move()
    {
        using var pair = new Nets(RtnlMode.PerNet);
        NetlinkAck ack = await pair.A.SetAsync("lo", new LinkMessage { NetNsFd = HandleOfB });
        Assert.Equal(new NetlinkAck(Errno.EINVAL, "The interface netns is immutable", 0), ack);
    }

    [Fact]
    public async Task A_namespace_is_named_one_way_or_not_at_all()
    {
        using var pair = new Nets(RtnlMode.PerNet);
        await pair.A.AddAsync("d", "dummy");
        NetlinkAck ack = await pair.A.SetAsync("d", new LinkMessage { NetNsFd = HandleOfB, TargetNetnsId = 0 });
        Assert.Equal(new NetlinkAck(Errno.EINVAL, "multiple netns identifying attributes specified", 0), ack);
        Assert.Equal(Errno.EBADF, (await pair.A.SetAsync("d", new LinkMessage { NetNsFd = 71 })).Errno);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_dying_namespace_takes_the_other_ends_of_its_pairs_along(RtnlMode mode)
    {
        using var host = new LinkTestHost(mode);
        LinkClient a = host.CreateNet("a");
        Assert.True(host.Registry.TryCreate("b", out Net b));
        a.Netlink.Socket.AddNetHandle(HandleOfB, b);
        await a.AddPairAsync("v0", InB("v1"));
        a.Listen();
        Assert.True(host.Registry.TryDelete("b"));
        await host.FlushAsync();
        Assert.Equal("lo", await a.NamesAsync());
        Assert.Equal("", await a.NetIdsAsync());
        Assert.Equal("RTM_DELNSID 0, del v0 None Down noop at 0", a.Heard());
        Assert.Equal(0, b.Snapshot.Get<LinkTable>().Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Ends_that_move_about_while_others_delete_and_raise_them_come_to_no_harm(RtnlMode mode)
    {
        using var pair = new Nets(mode);
        LinkClient c = pair.Host.CreateNet("c");
        LinkClient[] clients = [pair.A, pair.B, c];
        foreach (LinkClient client in clients)
        {
            for (int i = 0; i < clients.Length; i++)
                client.Netlink.Socket.AddNetHandle(100 + i, clients[i].Net);
        }
        // Often, since it is the last steps that decide what remains.
        for (int seed = 0; seed < 50; seed++)
        {
            await Task.WhenAll(clients.Select((client, number) => Task.Run(() => MoveAboutAsync(client, new Random((seed * clients.Length) + number)))));
            await pair.Host.FlushAsync();
            AssertPairsAgree(clients);
        }
    }

    private static async Task MoveAboutAsync(LinkClient client, Random random)
    {
        for (int round = 0; round < 60; round++)
        {
            var name = new InterfaceName($"p{random.Next(4)}");
            LinkMessage there = new() { Name = name, NetNsFd = (uint)(100 + random.Next(3)) };
            NetlinkAck ack = random.Next(5) switch
            {
                0 => await client.AddPairAsync(name.ToString(), there with { Name = new InterfaceName($"p{random.Next(4)}") }),
                1 => await client.DeleteAsync(name.ToString()),
                2 => await client.Netlink.RequestAsync(RtmType.RTM_SETLINK, NetlinkFlags.None, there),
                3 => await client.Netlink.RequestAsync(RtmType.RTM_SETLINK, NetlinkFlags.None, LinkClient.Flags(LinkFlags.IFF_UP, LinkFlags.IFF_UP) with { Name = name }),
                _ => await client.Netlink.RequestAsync(RtmType.RTM_SETLINK, NetlinkFlags.None, LinkClient.Flags(LinkFlags.None, LinkFlags.IFF_UP) with { Name = name }),
            };
            Assert.NotEqual(Errno.EIO, ack.Errno);
        }
    }

    private static void AssertPairsAgree(IEnumerable<LinkClient> clients)
    {
        // Each end stands in the table of the namespace that its device is in, names its peer, and agrees with it about the carrier.
        foreach (LinkClient client in clients)
        {
            foreach (Link link in client.Net.Snapshot.Get<LinkTable>().All)
            {
                Assert.Same(client.Net, link.Device.Net);
                Assert.Equal(link.Index, link.Device.Index);
                if (link.Device.Peer is not { } peer)
                    continue;
                Assert.True(peer.Net.Snapshot.Get<LinkTable>().TryFind(peer.Index, out Link? other));
                Assert.Same(peer, other.Device);
                Assert.Equal(peer.Index, link.LinkIndex);
                Assert.Equal(link.IsUp && other.IsUp, link.HasCarrier);
                Assert.Equal(ReferenceEquals(peer.Net, client.Net), link.LinkNetnsId is null);
                if (link.LinkNetnsId is { } nsid)
                    Assert.Same(peer.Net, client.Net.Snapshot.Get<NsidTable>().Find(nsid));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_pair_into_a_namespace_that_is_dying_is_made_whole_or_not_at_all(RtnlMode mode)
    {
        using var host = new LinkTestHost(mode);
        LinkClient a = host.CreateNet("a");
        for (int round = 0; round < 60; round++)
        {
            Assert.True(host.Registry.TryCreate($"n{round}", out Net dying));
            a.Netlink.Socket.AddNetHandle(HandleOfB, dying);
            Task deleting = Task.Run(() => host.Registry.TryDelete($"n{round}"));
            for (int i = 0; i < 8; i++)
            {
                await a.AddPairAsync($"v{i}", InB($"w{i}"));
                await a.SetUpAsync("lo");
            }
            await deleting;
            await host.FlushAsync();
            Assert.Equal("lo", await a.NamesAsync());
            Assert.Equal("", await a.NetIdsAsync());
            Assert.Equal(0, dying.Snapshot.Get<LinkTable>().Count);
        }
    }

    private static LinkMessage InB(string name) => new() { Name = new InterfaceName(name), NetNsFd = HandleOfB };

    /// <summary>Two namespaces; the client in the first has the second open as a file.</summary>
    private sealed class Nets : IDisposable
    {
        public Nets(RtnlMode mode)
        {
            Host = new LinkTestHost(mode);
            A = Host.CreateNet("a");
            B = Host.CreateNet("b");
            A.Netlink.Socket.AddNetHandle(HandleOfB, B.Net);
        }

        public LinkTestHost Host { get; }

        public LinkClient A { get; }

        public LinkClient B { get; }

        public void Dispose() => Host.Dispose();
    }
}
