using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Links;
using SmallRtnl.NetIds;

namespace SmallRtnl.Handlers.Tests.Links;

/// <summary>A host with every handler, its namespaces, and clients in them that speak of links.</summary>
internal sealed class LinkTestHost : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly List<LinkClient> _clients = [];

    public LinkTestHost(RtnlMode mode = RtnlMode.PerNet)
    {
        var services = new ServiceCollection();
        services.AddRtnetlink(options => options.Mode = mode).AddSmallRtnlHandlers();
        _services = services.BuildServiceProvider();
        Registry = _services.GetRequiredService<NetRegistry>();
        Dispatcher = _services.GetRequiredService<RtnlDispatcher>();
    }

    public NetRegistry Registry { get; }

    public RtnlDispatcher Dispatcher { get; }

    /// <summary>A new namespace, and a client in it.</summary>
    public LinkClient CreateNet(string name)
    {
        Assert.True(Registry.TryCreate(name, out Net net));
        return Open(net);
    }

    public LinkClient Open(Net net)
    {
        var client = new LinkClient(NetlinkClient.Open(Dispatcher, net), net);
        _clients.Add(client);
        return client;
    }

    /// <summary>Waits for everything posted, also by what was posted.</summary>
    public async Task FlushAsync()
    {
        for (int round = 0; round < 3; round++)
        {
            await Registry.FlushTeardownsAsync();
            foreach (LinkClient client in _clients)
                await client.Net.FlushAsync();
        }
    }

    public void Dispose()
    {
        foreach (LinkClient client in _clients)
            client.Dispose();
        _services.Dispose();
    }
}

/// <summary>A client that asks for links as iproute2 does.</summary>
internal sealed class LinkClient(NetlinkClient client, Net net) : IDisposable
{
    private const NetlinkFlags Create = NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL;

    public NetlinkClient Netlink => client;

    public Net Net => net;

    public static LinkInfo KindOf(string kind) => new() { Kind = new NetlinkString(kind) };

    /// <summary>ip link add NAME type KIND …</summary>
    public Task<NetlinkAck> AddAsync(string? name, string kind, LinkMessage attributes = default) =>
        client.RequestAsync(RtmType.RTM_NEWLINK, Create, attributes with { Name = name is null ? null : new InterfaceName(name), Info = KindOf(kind) });

    /// <summary>ip link add NAME type veth peer PEER …</summary>
    public Task<NetlinkAck> AddPairAsync(string name, LinkMessage peer, LinkMessage attributes = default) =>
        client.RequestAsync(RtmType.RTM_NEWLINK, Create, attributes with
        {
            Name = new InterfaceName(name),
            Info = KindOf("veth") with { Data = Payload(new VethInfo { Peer = Payload(peer) }) },
        });

    public Task<NetlinkAck> AddPairAsync(string name, string peer) => AddPairAsync(name, new LinkMessage { Name = new InterfaceName(peer) });

    /// <summary>ip link set NAME …</summary>
    public async Task<NetlinkAck> SetAsync(string name, LinkMessage change) =>
        await client.RequestAsync(RtmType.RTM_NEWLINK, NetlinkFlags.None, change with { Header = change.Header with { Index = (await GetAsync(name)).Header.Index } });

    public Task<NetlinkAck> SetUpAsync(string name) => SetAsync(name, Flags(LinkFlags.IFF_UP, LinkFlags.IFF_UP));

    public Task<NetlinkAck> SetDownAsync(string name) => SetAsync(name, Flags(LinkFlags.None, LinkFlags.IFF_UP));

    public async Task<NetlinkAck> DeleteAsync(string name, NetlinkFlags flags = NetlinkFlags.None, LinkMessage attributes = default) =>
        await client.RequestAsync(RtmType.RTM_DELLINK, flags, attributes with { Name = new InterfaceName(name) });

    public async Task<LinkMessage> GetAsync(string name)
    {
        (NetlinkAck ack, LinkMessage link) = await client.GetAsync(RtmType.RTM_GETLINK, new LinkMessage { Name = new InterfaceName(name) });
        Assert.Equal(Errno.None, ack.Errno);
        return link;
    }

    /// <summary>The names in the order of a dump.</summary>
    public async Task<string> NamesAsync() =>
        string.Join(' ', (await client.DumpAsync(RtmType.RTM_GETLINK, default(LinkMessage))).ConvertAll(link => link.Name.ToString()));

    /// <summary>The ids and the number of namespaces behind them.</summary>
    public async Task<string> NetIdsAsync() =>
        string.Join(' ', (await client.DumpAsync(RtmType.RTM_GETNSID, default(NetIdMessage))).ConvertAll(id => id.NetnsId.ToString()));

    public void Listen()
    {
        client.Join(RtnetlinkGroup.RTNLGRP_LINK);
        client.Join(RtnetlinkGroup.RTNLGRP_NSID);
    }

    /// <summary>What a listener has heard since the last time, a word a message.</summary>
    public string Heard()
    {
        var heard = new List<string>();
        while (client.TryReceive(out NetlinkMessage message))
        {
            if (message.Group != 0)
                heard.Add(Describe(message));
        }
        return string.Join(", ", heard);
    }

    public static LinkMessage Flags(LinkFlags flags, LinkFlags change) => new() { Header = new IfInfoMsg { Flags = flags, Change = change } };

    public static NetlinkBytes Payload(in LinkMessage message)
    {
        byte[] buffer = new byte[2048];
        var writer = new NetlinkWriter(buffer);
        message.Write(ref writer);
        return new NetlinkBytes(buffer.AsMemory(0, writer.Position));
    }

    public void Dispose() => client.Dispose();

    private static NetlinkBytes Payload(in VethInfo info)
    {
        byte[] buffer = new byte[2048];
        var writer = new NetlinkWriter(buffer);
        info.Write(ref writer);
        return new NetlinkBytes(buffer.AsMemory(0, writer.Position));
    }

    private static string Describe(NetlinkMessage message)
    {
        if (message.Header.RtmType is RtmType.RTM_NEWNSID or RtmType.RTM_DELNSID)
            return $"{message.Header.RtmType} {message.Parse<NetIdMessage>().NetnsId}";
        LinkMessage link = message.Parse<LinkMessage>();
        string text = $"{(message.Header.RtmType == RtmType.RTM_NEWLINK ? "new" : "del")} {link.Name} {link.Header.Flags & (LinkFlags.IFF_UP | LinkFlags.IFF_LOWER_UP)} {link.OperState} {link.Qdisc}";
        if (link.Link is not null)
            text += $" at {link.Link}";
        if (link.LinkNetnsId is not null)
            text += $" in {link.LinkNetnsId}";
        if (link.NewNetnsId is not null)
            text += $" to {link.NewIndex} in {link.NewNetnsId}";
        return text;
    }
}
