using System.Globalization;
using SmallRtnl.Addresses;
using SmallRtnl.Handlers.Tests.Links;
using SmallRtnl.Links;
using SmallRtnl.Routes;

namespace SmallRtnl.Handlers.Tests.Addresses;

/// <summary>A client that takes iproute2's words for addresses and routes, sends typed messages, and puts typed messages into such words.</summary>
internal sealed class IpClient(NetlinkClient client, Net net) : IDisposable
{
    public NetlinkClient Netlink => client;

    public Net Net => net;

    public LinkClient Links { get; } = new(client, net);

    /// <summary>A dummy link, its MAC fixed; up unless it is not to be.</summary>
    public async Task AddLinkAsync(string name, bool up = true)
    {
        Assert.True((await Links.AddAsync(name, "dummy", new LinkMessage { Address = new HardwareAddress([2, 0, 0, 0, 0, (byte)name[0]]) })).IsOk);
        if (up)
            Assert.True((await Links.SetUpAsync(name)).IsOk);
    }

    /// <summary>"add 10.0.0.1/24 dev d …", "replace …", "change …", "del …"; what is not said is left out.</summary>
    public Task<NetlinkAck> AddressAsync(string words)
    {
        (RtmType type, NetlinkFlags flags, AddressMessage message) = ParseAddress(words);
        return client.RequestAsync(type, flags, message);
    }

    /// <summary>"add|append|prepend|replace|change|test|del [type] PREFIX [via …] [dev …] …".</summary>
    public Task<NetlinkAck> RouteAsync(string words)
    {
        (RtmType type, NetlinkFlags flags, RouteMessage message) = ParseRoute(words);
        return client.RequestAsync(type, flags, message);
    }

    public async Task DoAsync(params string[] commands)
    {
        foreach (string command in commands)
        {
            NetlinkAck ack = command.StartsWith("route ", StringComparison.Ordinal)
                ? await RouteAsync(command["route ".Length..])
                : await AddressAsync(command["addr ".Length..]);
            Assert.True(ack.IsOk, $"{command}: {ack}");
        }
    }

    /// <summary>The addresses in the order of a dump, one a line.</summary>
    public async Task<string> AddressesAsync(ProtocolFamily family = ProtocolFamily.AF_INET)
    {
        var all = new AddressMessage { Header = new IfAddrMsg(family, 0, 0, 0, 0) };
        return Lines((await client.DumpAsync(RtmType.RTM_GETADDR, all)).ConvertAll(Describe));
    }

    /// <summary>The routes in the order of a dump, one a line.</summary>
    public async Task<string> RoutesAsync(ProtocolFamily family = ProtocolFamily.AF_INET, RouteMessage filter = default)
    {
        filter = filter with { Header = filter.Header with { Family = family } };
        return Lines((await client.DumpAsync(RtmType.RTM_GETROUTE, filter)).ConvertAll(Describe));
    }

    /// <summary>The routes of one table, one a line.</summary>
    public Task<string> TableAsync(uint table, ProtocolFamily family = ProtocolFamily.AF_INET) => RoutesAsync(family, new RouteMessage { Table = table });

    /// <summary>ip route get.</summary>
    public async Task<(NetlinkAck Ack, RouteMessage Answer)> GetRouteAsync(string destination, string? oif = null, string? from = null, bool fibMatch = false, byte tos = 0, string? iif = null)
    {
        InetAddress address = InetAddress.Parse(destination);
        return await client.GetAsync(RtmType.RTM_GETROUTE, new RouteMessage
        {
            Header = new RtMsg(address.Family, (byte)address.BitLength, (byte)(from is null ? 0 : address.BitLength), tos, 0, 0, 0, RouteType.RTN_UNSPEC, fibMatch ? RouteFlags.RTM_F_FIB_MATCH : RouteFlags.None),
            Destination = address,
            Source = from is null ? null : InetAddress.Parse(from),
            OutputIndex = oif is null ? null : IndexOf(oif),
            InputIndex = iif is null ? null : IndexOf(iif),
        });
    }

    /// <summary>The way to a destination in words, or the errno.</summary>
    public async Task<string> WayAsync(string destination, string? oif = null, string? from = null, bool fibMatch = false, byte tos = 0, string? iif = null)
    {
        (NetlinkAck ack, RouteMessage answer) = await GetRouteAsync(destination, oif, from, fibMatch, tos, iif);
        return ack.IsOk ? Describe(answer) : ack.Errno.ToString();
    }

    public void Listen(bool links = false)
    {
        client.Join(RtnetlinkGroup.RTNLGRP_IPV4_IFADDR);
        client.Join(RtnetlinkGroup.RTNLGRP_IPV6_IFADDR);
        client.Join(RtnetlinkGroup.RTNLGRP_IPV4_ROUTE);
        client.Join(RtnetlinkGroup.RTNLGRP_IPV6_ROUTE);
        if (links)
            client.Join(RtnetlinkGroup.RTNLGRP_LINK);
    }

    /// <summary>
    /// What a listener has heard since the last time, one a line: "new" or "del", with a star where the message names a requester, and the
    /// nlmsg flags of routes if they are wanted.
    /// </summary>
    public string Heard(bool withFlags = false) => Lines(Messages(multicast: true).ConvertAll(message => Describe(message, withFlags)));

    /// <summary>Sends a command with NLM_F_ECHO, and tells what came back beside the ACK.</summary>
    public async Task<(NetlinkAck Ack, string Echoed)> EchoAsync(string command)
    {
        if (command.StartsWith("route ", StringComparison.Ordinal))
        {
            (RtmType type, NetlinkFlags flags, RouteMessage message) = ParseRoute(command["route ".Length..]);
            await client.SendAsync(type, flags | NetlinkFlags.NLM_F_ECHO | NetlinkFlags.NLM_F_ACK, message);
        }
        else
        {
            (RtmType type, NetlinkFlags flags, AddressMessage message) = ParseAddress(command["addr ".Length..]);
            await client.SendAsync(type, flags | NetlinkFlags.NLM_F_ECHO | NetlinkFlags.NLM_F_ACK, message);
        }
        List<NetlinkMessage> came = Messages(multicast: false);
        Assert.Equal(NetlinkControlType.NLMSG_ERROR, came[^1].Header.Type);
        return (came[^1].ParseAck(), Lines(came[..^1].ConvertAll(message => Describe(message, withFlags: false))));
    }

    public List<NetlinkMessage> Messages(bool multicast)
    {
        var heard = new List<NetlinkMessage>();
        while (client.TryReceive(out NetlinkMessage message))
        {
            if (message.Group != 0 == multicast)
                heard.Add(message);
        }
        return heard;
    }

    public int IndexOf(string name) =>
        net.Snapshot.Get<LinkTable>().All.FirstOrDefault(link => link.Name.ToString() == name)?.Index ?? 99;

    public void Dispose() => client.Dispose();

    public static string Lines(params IEnumerable<string> lines) => string.Join('\n', lines);

    public (RtmType Type, NetlinkFlags Flags, AddressMessage Message) ParseAddress(string text)
    {
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string verb = words.Dequeue();
        (InetAddress local, byte length) = ParsePrefix(words.Dequeue());
        var message = new AddressMessage { Local = local, Address = local };
        var header = new IfAddrMsg(local.Family, length, 0, 0, 0);
        AddressFlags flags = AddressFlags.None;
        var lifetime = new AddressCacheInfo(AddressCacheInfo.Forever, AddressCacheInfo.Forever, 0, 0);
        while (words.TryDequeue(out string? word))
        {
            switch (word)
            {
                case "dev": header = header with { Index = (uint)IndexOf(words.Dequeue()) }; break;
                case "scope": header = header with { Scope = Number(words) }; break;
                case "peer":
                    (InetAddress peer, length) = ParsePrefix(words.Dequeue());
                    header = header with { PrefixLength = length };
                    message = message with { Address = peer };
                    break;
                case "brd": message = message with { Broadcast = InetAddress.Parse(words.Dequeue()) }; break;
                case "label": message = message with { Label = new InterfaceName(words.Dequeue()) }; break;
                case "metric": message = message with { RoutePriority = uint.Parse(words.Dequeue(), CultureInfo.InvariantCulture) }; break;
                case "proto": message = message with { Protocol = Number(words) }; break;
                case "valid": lifetime = lifetime with { Valid = uint.Parse(words.Dequeue(), CultureInfo.InvariantCulture) }; break;
                case "preferred": lifetime = lifetime with { Preferred = uint.Parse(words.Dequeue(), CultureInfo.InvariantCulture) }; break;
                case "noprefixroute": flags |= AddressFlags.IFA_F_NOPREFIXROUTE; break;
                case "nodad": flags |= AddressFlags.IFA_F_NODAD; break;
                case "flags": flags |= (AddressFlags)uint.Parse(words.Dequeue(), NumberStyles.HexNumber, CultureInfo.InvariantCulture); break;
                default: throw new FormatException(word);
            }
        }
        if (lifetime != new AddressCacheInfo(AddressCacheInfo.Forever, AddressCacheInfo.Forever, 0, 0))
            message = message with { CacheInfo = lifetime };
        if (flags != AddressFlags.None)
            message = message with { Flags = flags };
        return (verb == "del" ? RtmType.RTM_DELADDR : RtmType.RTM_NEWADDR, FlagsOf(verb), message with { Header = header });
    }

    public (RtmType Type, NetlinkFlags Flags, RouteMessage Message) ParseRoute(string text)
    {
        var words = new Queue<string>(text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        string verb = words.Dequeue();
        bool isDelete = verb == "del";
        RouteType type = isDelete ? RouteType.RTN_UNSPEC : RouteType.RTN_UNICAST;
        if (Enum.TryParse("RTN_" + words.Peek().ToUpperInvariant(), out RouteType named))
        {
            type = named;
            words.Dequeue();
        }
        (InetAddress destination, byte length) = ParsePrefix(words.Dequeue());
        bool isInet6 = destination.Family == ProtocolFamily.AF_INET6;
        var message = new RouteMessage { Destination = destination };
        var header = new RtMsg(destination.Family, length, 0, 0, (byte)RouteTableId.Main, isDelete ? (byte)0 : RouteProtocol.Boot, 0, type, RouteFlags.None);
        byte? scope = null;
        while (words.TryDequeue(out string? word))
        {
            switch (word)
            {
                case "via": message = message with { Gateway = InetAddress.Parse(words.Dequeue()) }; break;
                case "dev": message = message with { OutputIndex = IndexOf(words.Dequeue()) }; break;
                case "src": message = message with { PreferredSource = InetAddress.Parse(words.Dequeue()) }; break;
                case "metric": message = message with { Priority = uint.Parse(words.Dequeue(), CultureInfo.InvariantCulture) }; break;
                case "table":
                    message = message with { Table = uint.Parse(words.Dequeue(), CultureInfo.InvariantCulture) };
                    header = header with { Table = (byte)RouteTableId.Compat };
                    break;
                case "tos": header = header with { Tos = Number(words) }; break;
                case "proto": header = header with { Protocol = Number(words) }; break;
                case "scope": scope = Number(words); break;
                case "onlink": header = header with { Flags = RouteFlags.RTNH_F_ONLINK }; break;
                case "expires": message = message with { Expires = uint.Parse(words.Dequeue(), CultureInfo.InvariantCulture) }; break;
                case "mtu": message = message with { Metrics = Metric(message.Metrics, 2, words.Dequeue()) }; break;
                case "advmss": message = message with { Metrics = Metric(message.Metrics, 8, words.Dequeue()) }; break;
                default: throw new FormatException(word);
            }
        }
        header = header with { Scope = scope ?? DefaultScope(isInet6, isDelete, type, message) };
        return (isDelete ? RtmType.RTM_DELROUTE : RtmType.RTM_NEWROUTE, FlagsOf(verb), message with { Header = header });
    }

    public string Describe(AddressMessage address)
    {
        bool isInet6 = address.Header.Family == ProtocolFamily.AF_INET6;
        InetAddress local = address.Local ?? address.Address!.Value;
        var text = new List<string> { $"{local}/{address.Header.PrefixLength}" };
        if (address.Address != local)
            text.Add($"peer {address.Address}");
        if (address.Broadcast is { } broadcast)
            text.Add($"brd {broadcast}");
        string dev = NameOf((int)address.Header.Index);
        text.Add($"dev {dev}");
        if (!isInet6 && address.Label!.Value.ToString() != dev)
            text.Add($"label {address.Label}");
        if (!isInet6 && address.Header.Scope != RouteScope.Universe)
            text.Add($"scope {address.Header.Scope}");
        AddressFlags flags = address.Flags!.Value;
        foreach ((AddressFlags flag, string word) in new[]
        {
            (AddressFlags.IFA_F_SECONDARY, "secondary"), (AddressFlags.IFA_F_TENTATIVE, "tentative"), (AddressFlags.IFA_F_DEPRECATED, "deprecated"),
            (AddressFlags.IFA_F_NOPREFIXROUTE, "noprefixroute"), (AddressFlags.IFA_F_NODAD, "nodad"),
        })
        {
            if ((flags & flag) != 0)
                text.Add(word);
        }
        if (address.RoutePriority is { } metric)
            text.Add($"metric {metric}");
        if ((flags & AddressFlags.IFA_F_PERMANENT) == 0 || address.CacheInfo!.Value.Preferred != AddressCacheInfo.Forever)
            text.Add($"valid {Seconds(address.CacheInfo!.Value.Valid)} preferred {Seconds(address.CacheInfo.Value.Preferred)}");
        return string.Join(' ', text);
    }

    public string Describe(RouteMessage route)
    {
        var text = new List<string>();
        if (route.Header.Type != RouteType.RTN_UNICAST)
            text.Add(route.Header.Type.ToString()["RTN_".Length..].ToLowerInvariant());
        bool isInet6 = route.Header.Family == ProtocolFamily.AF_INET6;
        text.Add(route.Destination is { } destination ? $"{destination}/{route.Header.DestinationLength}" : "default");
        if (route.Source is { IsAny: false } from)
            text.Add($"from {from}");
        if (route.Header.Tos != 0)
            text.Add($"tos {route.Header.Tos}");
        if (route.Gateway is { } gateway)
            text.Add($"via {gateway}");
        if (route.OutputIndex is { } oif)
            text.Add($"dev {NameOf(oif)}");
        if (route.PreferredSource is { } source)
            text.Add($"src {source}");
        if (route.Priority is { } metric && !(isInet6 && metric == (route.Header.Type == RouteType.RTN_LOCAL ? 0u : 1024u)))
            text.Add($"metric {metric}");
        uint usual = route.Header.Type is RouteType.RTN_LOCAL or RouteType.RTN_BROADCAST || (isInet6 && route.Header.Type == RouteType.RTN_MULTICAST) ? RouteTableId.Local : RouteTableId.Main;
        if (route.Table != usual && (route.Header.Flags & RouteFlags.RTM_F_CLONED) == 0)
            text.Add($"table {route.Table}");
        if ((route.Header.Flags & RouteFlags.RTNH_F_LINKDOWN) != 0)
            text.Add("linkdown");
        if (isInet6 && route.CacheInfo is { Expires: > 0 } info)
            text.Add($"expires {info.Expires / 100}");
        return string.Join(' ', text);
    }

    private static string Seconds(uint seconds) => seconds == AddressCacheInfo.Forever ? "forever" : seconds.ToString(CultureInfo.InvariantCulture);

    private static byte Number(Queue<string> words) => byte.Parse(words.Dequeue(), CultureInfo.InvariantCulture);

    private static NetlinkBytes Metric(NetlinkBytes? before, ushort type, string value)
    {
        byte[] buffer = new byte[256];
        ReadOnlySpan<byte> known = before is { } bytes ? bytes.Span : default;
        known.CopyTo(buffer);
        var writer = new NetlinkWriter(buffer, known.Length);
        writer.PutBytes(type, BitConverter.GetBytes(uint.Parse(value, CultureInfo.InvariantCulture)));
        return new NetlinkBytes(buffer.AsMemory(0, writer.Position));
    }

    private static byte DefaultScope(bool isInet6, bool isDelete, RouteType type, RouteMessage message)
    {
        if (isInet6)
            return RouteScope.Universe;
        if (type == RouteType.RTN_LOCAL)
            return RouteScope.Host;
        if (isDelete)
            return RouteScope.Nowhere;
        return type is RouteType.RTN_UNICAST or RouteType.RTN_BROADCAST && message.Gateway is null ? RouteScope.Link : RouteScope.Universe;
    }

    private static (InetAddress Address, byte Length) ParsePrefix(string text)
    {
        if (text is "default" or "default6")
            return (InetAddress.Any(text == "default" ? ProtocolFamily.AF_INET : ProtocolFamily.AF_INET6), 0);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        InetAddress address = InetAddress.Parse(slash < 0 ? text : text[..slash]);
        return (address, slash < 0 ? (byte)address.BitLength : byte.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture));
    }

    private static NetlinkFlags FlagsOf(string verb) => verb switch
    {
        "add" => NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL,
        "append" => NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_APPEND,
        "prepend" => NetlinkFlags.NLM_F_CREATE,
        "replace" => NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_REPLACE,
        "change" => NetlinkFlags.NLM_F_REPLACE,
        "test" => NetlinkFlags.NLM_F_EXCL,
        "del" => NetlinkFlags.None,
        _ => throw new FormatException(verb),
    };

    private string NameOf(int index) =>
        net.Snapshot.Get<LinkTable>().TryFind(index, out Link? link) ? link.Name.ToString() : $"#{index}";

    private string Describe(NetlinkMessage message, bool withFlags)
    {
        string star = message.Header.Sequence == 0 && message.Header.PortId == 0 ? "" : "*";
        return message.Header.RtmType switch
        {
            RtmType.RTM_NEWADDR => $"new{star} {Describe(message.Parse<AddressMessage>())}",
            RtmType.RTM_DELADDR => $"del{star} {Describe(message.Parse<AddressMessage>())}",
            RtmType.RTM_NEWROUTE => $"new{star} {Describe(message.Parse<RouteMessage>())}" + (withFlags ? $" 0x{(int)message.Header.Flags:x}" : ""),
            RtmType.RTM_DELROUTE => $"del{star} {Describe(message.Parse<RouteMessage>())}" + (withFlags ? $" 0x{(int)message.Header.Flags:x}" : ""),
            RtmType other => $"{other} {message.Parse<LinkMessage>().Name}",
        };
    }
}
