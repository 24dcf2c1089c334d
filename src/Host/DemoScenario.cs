using SmallRtnl.Addresses;
using SmallRtnl.Links;
using SmallRtnl.Routes;

using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;

namespace SmallRtnl.Host;

/// <summary>What the demo does in one namespace: links, addresses and routes, as a container runtime would set them up.</summary>
internal sealed class DemoScenario(NetlinkClient client)
{
    private const byte RT_TABLE_MAIN = 254;
    private const byte RTPROT_BOOT = 3;


    public int Requests { get; private set; }

    public int Failures { get; private set; }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await SendAsync(RTM_NEWLINK, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, Veth("veth0", "veth1"), cancellation).ConfigureAwait(false);
        await SendAsync(RTM_NEWLINK, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, new LinkMessage
        {
            Name = new InterfaceName("dummy0"),
            Info = new LinkInfo { Kind = new NetlinkString("dummy") },
        }, cancellation).ConfigureAwait(false);
        foreach (string name in (string[])["lo", "veth0", "veth1", "dummy0"])
            await SendAsync(RTM_NEWLINK, NetlinkFlags.None, Up(name), cancellation).ConfigureAwait(false);

        int veth = await IndexAsync("veth0", cancellation).ConfigureAwait(false);
        int dummy = await IndexAsync("dummy0", cancellation).ConfigureAwait(false);
        await SendAsync(RTM_NEWADDR, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, Address(veth, "10.0.0.1", 24), cancellation).ConfigureAwait(false);
        await SendAsync(RTM_NEWADDR, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, Address(veth, "2001:db8::1", 64), cancellation).ConfigureAwait(false);
        await SendAsync(RTM_NEWADDR, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, Address(dummy, "10.1.0.1", 24), cancellation).ConfigureAwait(false);
        await SendAsync(RTM_NEWROUTE, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, Route("0.0.0.0", 0, "10.0.0.254"), cancellation).ConfigureAwait(false);
        await SendAsync(RTM_NEWROUTE, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, Route("192.0.2.0", 24, "10.1.0.254"), cancellation).ConfigureAwait(false);
        await SendAsync(RTM_NEWROUTE, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL, Route("2001:db8:1::", 48, "2001:db8::2"), cancellation).ConfigureAwait(false);
    }

    private static LinkMessage Veth(string name, string peer)
    {
        var peerMessage = new LinkMessage { Name = new InterfaceName(peer) };
        return new LinkMessage
        {
            Name = new InterfaceName(name),
            Info = new LinkInfo
            {
                Kind = new NetlinkString("veth"),
                Veth = new VethInfo { Peer = new NetlinkBytes(Bytes((ref NetlinkWriter writer) => peerMessage.Write(ref writer))) },
            },
        };
    }

    private static LinkMessage Up(string name) => new()
    {
        Header = new IfInfoMsg(AF_UNSPEC, 0, 0, 0, LinkFlags.IFF_UP, LinkFlags.IFF_UP),
        Name = new InterfaceName(name),
    };

    private static AddressMessage Address(int index, string address, byte prefixLength)
    {
        InetAddress parsed = InetAddress.Parse(address);
        return new AddressMessage
        {
            Header = new IfAddrMsg(parsed.Family, prefixLength, 0, 0, (uint)index),
            Local = parsed,
            Address = parsed,
        };
    }

    private static RouteMessage Route(string destination, byte prefixLength, string gateway)
    {
        InetAddress parsed = InetAddress.Parse(destination);
        return new RouteMessage
        {
            Header = new RtMsg(parsed.Family, prefixLength, 0, 0, RT_TABLE_MAIN, RTPROT_BOOT, 0, RouteType.RTN_UNICAST, RouteFlags.None),
            Destination = prefixLength == 0 ? null : parsed,
            Gateway = InetAddress.Parse(gateway),
        };
    }

    private delegate void Write(ref NetlinkWriter writer);

    private static byte[] Bytes(Write write)
    {
        byte[] buffer = new byte[1024];
        var writer = new NetlinkWriter(buffer);
        write(ref writer);
        return buffer[..writer.Position];
    }

    private async Task<int> IndexAsync(string name, CancellationToken cancellation)
    {
        Requests++;
        (NetlinkAck ack, LinkMessage link) = await client.GetAsync(RTM_GETLINK, new LinkMessage { Name = new InterfaceName(name) }, cancellation: cancellation).ConfigureAwait(false);
        return ack.IsOk ? link.Header.Index : throw new NetlinkException(ack);
    }

    private async Task SendAsync<T>(RtmType type, NetlinkFlags flags, T message, CancellationToken cancellation)
        where T : struct, INetlinkMessage<T>
    {
        Requests++;
        NetlinkAck ack = await client.RequestAsync(type, flags, message, cancellation).ConfigureAwait(false);
        if (!ack.IsOk)
            Failures++;
    }
}
