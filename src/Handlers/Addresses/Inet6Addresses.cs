using System.Collections.Immutable;
using SmallRtnl.Links;
using SmallRtnl.Routes;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Addresses;

/// <summary>
/// IPv6 addresses and the routes that follow from them (net/ipv6/addrconf.c). Duplicate address detection ends at once: nobody else can
/// answer here, so an address is announced tentative and then without.
/// </summary>
internal static class Inet6Addresses
{
    /// <summary>IPV6_MIN_MTU: a link with less has no IPv6.</summary>
    public const uint MinMtu = 1280;

    private const uint PrefixMetric = 256;
    private const byte IFAPROT_KERNEL_LO = 1;
    private const byte IFAPROT_KERNEL_LL = 3;

    private static readonly Prefix s_multicast = new(InetAddress.FromIPv6((UInt128)0xff << 120), 8);

    /// <summary>Adds an address (<c>inet6_addr_add</c>, <c>ipv6_add_addr</c>).</summary>
    public static RtnlResult Add(AddressEditor editor, Link link, InterfaceAddress address, bool isRequested)
    {
        if (address.Local.IsAny)
            return RtnlResult.Error(Errno.EADDRNOTAVAIL, "ipv6: Invalid address");
        if (address.Local.IsMulticast && (address.Flags & AddressFlags.IFA_F_MCAUTOJOIN) == 0)
            return RtnlResult.Error(Errno.EADDRNOTAVAIL, "ipv6: Cannot assign multicast address without \"IFA_F_MCAUTOJOIN\" flag");
        if (!link.IsLoopback && address.Local.IsLoopback)
            return RtnlResult.Error(Errno.EADDRNOTAVAIL, "ipv6: Cannot assign loopback address on this device");
        Insert(editor, address);
        if (address.HasPrefixRoute && link.IsUp)
            AddPrefixRoute(editor, address, link);
        AnnounceAfterDetection(editor, address, link, isRequested);
        return RtnlResult.Ok;
    }

    /// <summary>Gives an address other lifetimes, flags and metric (<c>inet6_addr_modify</c>).</summary>
    public static void Update(AddressEditor editor, Link link, InterfaceAddress before, InterfaceAddress wanted, bool isRequested)
    {
        bool hasNewPeer = wanted.HasPeer && wanted.Peer != before.Peer;
        InterfaceAddress after = before with
        {
            Peer = hasNewPeer ? wanted.Peer : before.Peer,
            Flags = wanted.Flags,
            Lifetime = wanted.Lifetime,
            Metric = wanted.Metric != 0 ? wanted.Metric : before.Metric,
            Protocol = wanted.Protocol,
        };
        if (hasNewPeer && before.HasPeer)
            RemoveRoute(editor, RouteTableId.Main, Prefix.Host(before.Peer), before.Index);
        editor.Change(before, after);
        editor.Say(RtmType.RTM_NEWADDR, after, isRequested);
        AddPeerRoute(editor, after, link);
        if (!after.HasPrefixRoute)
        {
            ReleasePrefixRoute(editor, before);
            return;
        }
        Route? route = before.IsPermanent && before.HasPrefixRoute ? FindPrefixRoute(editor, after) : null;
        if (route is not null && route.Priority == MetricOf(after))
        {
            editor.Routes.Change(route, route with { ExpiresAt = ExpiryOf(after) });
            return;
        }
        if (route is not null)
            editor.Routes.Remove(route);
        if (link.IsUp)
            AddPrefixRoute(editor, after, link);
    }

    /// <summary>
    /// Deletes an address (<c>ipv6_del_addr</c>): its own route, the peer's, and the prefix route when it was the last that needs it. One of
    /// limited life leaves the prefix route to expire by itself.
    /// </summary>
    public static void Delete(AddressEditor editor, InterfaceAddress address, bool isRequested)
    {
        editor.Put(AF_INET6, address.Index, editor.Table.Of(AF_INET6, address.Index).Remove(address));
        editor.Say(RtmType.RTM_DELADDR, address, isRequested);
        if (address.HasPeer)
            RemoveRoute(editor, RouteTableId.Main, Prefix.Host(address.Peer), address.Index);
        RemoveRoute(editor, RouteTableId.Local, Prefix.Host(address.Local), address.Index);
        ReleasePrefixRoute(editor, address);
        ForgetSource(editor, address.Local);
    }

    /// <summary>The link is up: the prefix routes of the permanent addresses it was given (<c>addrconf_permanent_addr</c>); more once it is operational.</summary>
    public static void OnUp(AddressEditor editor, Link link)
    {
        if (link.Mtu < MinMtu)
            return;
        foreach (InterfaceAddress address in editor.Table.Of(AF_INET6, link.Index))
        {
            if (address.IsPermanent && address.HasPrefixRoute && !link.IsLoopback)
                AddPrefixRoute(editor, address, link);
        }
    }

    /// <summary>The link has become operational (<c>addrconf_dev_config</c>): the multicast route, and a link-local address.</summary>
    public static void OnReady(AddressEditor editor, Link link)
    {
        if (link.Mtu < MinMtu)
            return;
        if (link.IsLoopback)
        {
            InetAddress loopback = InetAddress.FromIPv6(UInt128.One);
            if (editor.Table.Find(loopback, link.Index) is null)
                AddAutomatic(editor, link, loopback, 128, RouteScope.Host, IFAPROT_KERNEL_LO);
            return;
        }
        RouteEditor routes = editor.Routes;
        RouteTables tables = routes.Table.Tables;
        routes.Imply(ref tables, Implied(s_multicast, RouteTableId.Local, RouteType.RTN_MULTICAST, link.Index, PrefixMetric));
        ConfigureLinkLocal(editor, routes, ref tables, link);
        routes.Put(in tables);
    }

    private static void ConfigureLinkLocal(AddressEditor editor, RouteEditor routes, ref RouteTables tables, Link link)
    {
        if (link.AddressGeneration == Inet6AddressGeneration.None || link.Address.Length != 6)
            return;
        InetAddress linkLocal = link.AddressGeneration == Inet6AddressGeneration.Eui64 ? LinkLocal(link.Address) : RandomLinkLocal();
        if (editor.Table.Find(linkLocal, link.Index) is not null)
            return;
        routes.Imply(ref tables, Implied(Prefix.Of(linkLocal, 64), RouteTableId.Main, RouteType.RTN_UNICAST, link.Index, PrefixMetric));
        // Detection runs a moment later in the kernel: after everything else that the request changes.
        Net net = editor.Net;
        TimeProvider time = editor.Time;
        int index = link.Index;
        editor.Context.OnCommit(context =>
        {
            var later = new AddressEditor(context, net, time);
            if (later.TryFindLink(index, out Link? now) && now.IsUp && later.Table.Find(linkLocal, index) is null)
                AddAutomatic(later, now, linkLocal, 64, RouteScope.Link, IFAPROT_KERNEL_LL);
        });
    }

    /// <summary>The link is down, or too narrow for IPv6 (<c>addrconf_ifdown</c>): all its routes, then all its addresses.</summary>
    public static void OnDown(AddressEditor editor, Link link)
    {
        var leaving = new LeavingByLink(link.Index, link.IsLoopback);
        editor.Routes.RemoveAll(AF_INET6, in leaving);
        ImmutableArray<InterfaceAddress> addresses = editor.Table.Of(AF_INET6, link.Index);
        if (addresses.IsEmpty)
            return;
        editor.Put(AF_INET6, link.Index, []);
        foreach (InterfaceAddress address in addresses)
            editor.Say(RtmType.RTM_DELADDR, address, isRequested: false);
    }

    /// <summary>RT_SCOPE_* of an address: it follows from the address, whatever was asked for.</summary>
    public static byte ScopeOf(InetAddress address)
    {
        if (address.IsLoopback)
            return RouteScope.Host;
        if (address.IsLinkLocal)
            return RouteScope.Link;
        return (ushort)(address.Value >> 118) == 0xfec0 >> 6 ? RouteScope.Site : RouteScope.Universe;
    }

    private static void AddAutomatic(AddressEditor editor, Link link, InetAddress local, byte prefixLength, byte scope, byte protocol)
    {
        var address = new InterfaceAddress
        {
            Index = link.Index,
            Local = local,
            Peer = local,
            PrefixLength = prefixLength,
            Scope = scope,
            Flags = AddressFlags.IFA_F_PERMANENT,
            Protocol = protocol,
            Created = editor.Now,
        };
        Insert(editor, address);
        editor.Say(RtmType.RTM_NEWADDR, address, isRequested: false);
        editor.Routes.Imply(LocalRoute(address));
    }

    private static void AnnounceAfterDetection(AddressEditor editor, InterfaceAddress address, Link link, bool isRequested)
    {
        bool isDetected = (address.Flags & AddressFlags.IFA_F_NODAD) == 0 && !link.IsLoopback;
        if (isDetected)
            editor.Say(RtmType.RTM_NEWADDR, address with { Flags = address.Flags | AddressFlags.IFA_F_TENTATIVE }, isRequested);
        editor.Say(RtmType.RTM_NEWADDR, address, isRequested && !isDetected);
        editor.Routes.Imply(LocalRoute(address));
        AddPeerRoute(editor, address, link);
    }

    /// <summary><c>ipv6_link_dev_addr</c>: wide scopes first, the newest first within a scope.</summary>
    private static void Insert(AddressEditor editor, InterfaceAddress address)
    {
        ImmutableArray<InterfaceAddress> addresses = editor.Table.Of(AF_INET6, address.Index);
        int at = 0;
        while (at < addresses.Length && addresses[at].Scope < address.Scope)
            at++;
        editor.Put(AF_INET6, address.Index, addresses.Insert(at, address));
    }

    /// <summary>A prefix route that is there already lives as long as the newest address needs it, if it was to end at all (<c>fib6_add_rt2node</c>).</summary>
    private static void AddPrefixRoute(AddressEditor editor, InterfaceAddress address, Link link)
    {
        Route wanted = Implied(PrefixOf(address), RouteTableId.Main, RouteType.RTN_UNICAST, link.Index, MetricOf(address)) with { ExpiresAt = ExpiryOf(address) };
        foreach (Route route in editor.Routes.Table.Get(AF_INET6, RouteTableId.Main).Of(wanted.Destination))
        {
            if (route.OutputIndex == wanted.OutputIndex && route.Gateway is null && route.Priority == wanted.Priority && route.ExpiresAt is not null)
            {
                editor.Routes.Change(route, route with { ExpiresAt = wanted.ExpiresAt });
                return;
            }
        }
        editor.Routes.Imply(wanted);
    }

    private static void AddPeerRoute(AddressEditor editor, InterfaceAddress address, Link link)
    {
        if (address.HasPeer && link.IsUp)
            editor.Routes.Imply(Implied(Prefix.Host(address.Peer), RouteTableId.Main, RouteType.RTN_UNICAST, address.Index, MetricOf(address)));
    }

    /// <summary>
    /// An address gives up its prefix route: it goes, unless a permanent one shares it; with those of limited life it lives as long as the
    /// last (<c>check_cleanup_prefix_route</c>, <c>cleanup_prefix_route</c>).
    /// </summary>
    private static void ReleasePrefixRoute(AddressEditor editor, InterfaceAddress address)
    {
        if (!address.IsPermanent || !address.HasPrefixRoute)
            return;
        long? expiry = null;
        foreach (InterfaceAddress other in editor.Table.Of(AF_INET6, address.Index))
        {
            if (other.Local == address.Local || other.PrefixLength != address.PrefixLength || !other.Local.InSameNetwork(address.Local, address.PrefixLength))
                continue;
            if (other.IsPermanent || !other.HasPrefixRoute)
                return;
            expiry = Math.Max(expiry ?? 0, ExpiryOf(other) ?? 0);
        }
        if (FindPrefixRoute(editor, address) is not { } route)
            return;
        if (expiry is null)
            editor.Routes.Remove(route);
        else if (route.ExpiresAt is null)
            editor.Routes.Change(route, route with { ExpiresAt = expiry });
    }

    private static Route? FindPrefixRoute(AddressEditor editor, InterfaceAddress address)
    {
        foreach (Route route in editor.Routes.Table.Get(AF_INET6, RouteTableId.Main).Of(PrefixOf(address)))
        {
            if (route.OutputIndex == address.Index && route.Gateway is null && route.Protocol == RouteProtocol.Kernel)
                return route;
        }
        return null;
    }

    /// <summary>Routes that preferred the address as source stay, without the preference (<c>rt6_remove_prefsrc</c>).</summary>
    private static void ForgetSource(AddressEditor editor, InetAddress source)
    {
        if (editor.Table.Find(source) is not null)
            return;
        AddressBits bits = AddressBits.Of(source);
        RouteEditor routes = editor.Routes;
        foreach (Fib fib in routes.Table.All(AF_INET6))
        {
            foreach (Route route in fib.All)
            {
                if (route.Prefers(bits, AF_INET6))
                    routes.Change(route, route with { PreferredSource = null });
            }
        }
    }

    private static void RemoveRoute(AddressEditor editor, uint table, Prefix destination, int index)
    {
        foreach (Route route in editor.Routes.Table.Get(AF_INET6, table).Of(destination))
        {
            if (route.OutputIndex != index || route.Protocol != RouteProtocol.Kernel)
                continue;
            editor.Routes.Remove(route);
            return;
        }
    }

    private static Prefix PrefixOf(InterfaceAddress address) => Prefix.Of(address.Local, address.PrefixLength);

    private static uint MetricOf(InterfaceAddress address) => address.Metric != 0 ? address.Metric : PrefixMetric;

    private static long? ExpiryOf(InterfaceAddress address) =>
        address.Lifetime.IsFinite ? address.Lifetime.Updated + (address.Lifetime.Valid * 1000L) : null;

    private static Route LocalRoute(InterfaceAddress address) => Implied(Prefix.Host(address.Local), RouteTableId.Local, RouteType.RTN_LOCAL, address.Index, 0);

    private static Route Implied(Prefix destination, uint table, RouteType type, int index, uint priority) => new()
    {
        Destination = destination,
        Table = table,
        Type = type,
        Protocol = RouteProtocol.Kernel,
        Priority = priority,
        OutputIndex = index,
    };

    private static InetAddress RandomLinkLocal() =>
        InetAddress.FromIPv6(((UInt128)0xfe80 << 112) | (ulong)Random.Shared.NextInt64(1, long.MaxValue));

    /// <summary>fe80::/64 and the modified EUI-64 of a 48-bit address (RFC 4291, appendix A).</summary>
    private static InetAddress LinkLocal(HardwareAddress hardware)
    {
        ReadOnlySpan<byte> mac = hardware.Bytes;
        Span<byte> bytes = [0xfe, 0x80, 0, 0, 0, 0, 0, 0, (byte)(mac[0] ^ 2), mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]];
        return InetAddress.FromBytes(bytes);
    }

    /// <summary>The routes of a link that is down; those that refuse what would go by the loopback device stay.</summary>
    private readonly struct LeavingByLink(int index, bool isLoopback) : IItemCondition<Route>
    {
        public bool Suits(Route item) => item.OutputIndex == index && !(isLoopback && item.IsReject);
    }
}
