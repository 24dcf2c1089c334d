using System.Collections.Immutable;
using System.Text;
using SmallRtnl.Links;
using SmallRtnl.Routes;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Addresses;

/// <summary>IPv4 addresses: primaries and secondaries, and the routes that follow from them (net/ipv4/devinet.c, fib_frontend.c).</summary>
internal static class InetAddresses
{
    /// <summary>The least MTU that IPv4 works with (<c>inetdev_valid_mtu</c>): a link with less has no IPv4.</summary>
    public const uint MinMtu = 68;

    /// <summary>Adds an address (<c>__inet_insert_ifa</c>).</summary>
    /// <param name="editor">The namespace.</param>
    /// <param name="link">The address's link.</param>
    /// <param name="address">The address.</param>
    /// <param name="isRequested">Whether a client asked for this very address.</param>
    public static RtnlResult Add(AddressEditor editor, Link link, InterfaceAddress address, bool isRequested)
    {
        // The unspecified address is accepted and means nothing.
        if (address.Local.IsAny)
            return RtnlResult.Ok;
        ImmutableArray<InterfaceAddress> addresses = editor.Table.Of(AF_INET, address.Index);
        int at = 0;
        for (int i = 0; i < addresses.Length; i++)
        {
            InterfaceAddress other = addresses[i];
            if (!other.IsSecondary && address.Scope <= other.Scope)
                at = i + 1;
            if (!IsSameNetwork(other, address))
                continue;
            if (other.Local == address.Local)
                return RtnlResult.Error(Errno.EEXIST, "ipv4: Address already assigned");
            if (other.Scope != address.Scope)
                return RtnlResult.Error(Errno.EINVAL, "ipv4: Invalid scope value");
            address = address with { Flags = address.Flags | AddressFlags.IFA_F_SECONDARY };
        }
        editor.Put(AF_INET, address.Index, addresses.Insert(address.IsSecondary ? addresses.Length : at, address));
        editor.Say(RtmType.RTM_NEWADDR, address, isRequested);
        AddRoutes(editor, address, link);
        return RtnlResult.Ok;
    }

    /// <summary>Deletes an address; a primary takes its secondaries along (<c>__inet_del_ifa</c> with promote_secondaries 0).</summary>
    public static void Delete(AddressEditor editor, InterfaceAddress address, bool isRequested)
    {
        if (!address.IsSecondary)
        {
            foreach (InterfaceAddress other in editor.Table.Of(AF_INET, address.Index))
            {
                if (other.IsSecondary && IsSameNetwork(other, address))
                    Remove(editor, other, isRequested);
            }
        }
        Remove(editor, address, isRequested);
    }

    /// <summary>Gives an address other lifetimes, another metric and protocol (NLM_F_REPLACE in <c>inet_rtm_newaddr</c>).</summary>
    public static void Update(AddressEditor editor, InterfaceAddress before, InterfaceAddress wanted, bool isRequested)
    {
        InterfaceAddress after = before with
        {
            Flags = (before.Flags & ~(AddressFlags.IFA_F_PERMANENT | AddressFlags.IFA_F_DEPRECATED)) | (wanted.Flags & (AddressFlags.IFA_F_PERMANENT | AddressFlags.IFA_F_DEPRECATED)),
            Lifetime = wanted.Lifetime,
            Metric = wanted.Metric,
            Protocol = wanted.Protocol,
        };
        editor.Change(before, after);
        if (before.Metric != after.Metric && editor.TryFindLink(after.Index, out Link? link) && link.IsUp && HasConnectedRoute(after))
        {
            RouteEditor routes = editor.Routes;
            RouteTables tables = routes.Table.Tables;
            routes.Imply(ref tables, Connected(after, after.LocalBits, link));
            RemoveImplied(routes, ref tables, NetworkOf(before), ConnectedType(link), before.LocalBits, link, before.Metric);
            routes.Put(in tables);
        }
        editor.Say(RtmType.RTM_NEWADDR, after, isRequested);
    }

    /// <summary>The routes of every address, when the link comes up (<c>fib_netdev_event</c>).</summary>
    public static void OnUp(AddressEditor editor, Link link)
    {
        if (link.Mtu < MinMtu)
            return;
        if (link.IsLoopback && editor.Table.Of(AF_INET, link.Index).IsEmpty)
        {
            InetAddress local = InetAddress.FromIPv4(0x7f00_0001);
            _ = Add(editor, link, new InterfaceAddress
            {
                Index = link.Index,
                Local = local,
                Peer = local,
                PrefixLength = 8,
                Scope = RouteScope.Host,
                Flags = AddressFlags.IFA_F_PERMANENT,
                Label = link.Name,
                Created = editor.Now,
            }, isRequested: false);
            return;
        }
        foreach (InterfaceAddress address in editor.Table.Of(AF_INET, link.Index))
            AddRoutes(editor, address, link);
    }

    /// <summary>
    /// The link is down: its routes go without a word, but for those of scope host, the local ones of its addresses above all
    /// (<c>fib_sync_down_dev</c>).
    /// </summary>
    /// <param name="editor">The namespace.</param>
    /// <param name="link">The link.</param>
    /// <param name="all">Those of scope host too: the link goes for good.</param>
    public static void OnDown(AddressEditor editor, Link link, bool all)
    {
        var leaving = new LeavingByLink(link.Index, all);
        editor.Routes.RemoveAll(AF_INET, in leaving, silently: true);
    }

    /// <summary>The link goes for good: every address, then what routes are left (<c>inetdev_destroy</c>).</summary>
    public static void OnUnregister(AddressEditor editor, Link link)
    {
        // In order, a primary before its secondaries, whose routes then go with the rest.
        while (editor.Table.Of(AF_INET, link.Index) is { IsEmpty: false } addresses)
            Remove(editor, addresses[0], isRequested: false);
        OnDown(editor, link, all: true);
    }

    /// <summary>Labels follow the link's name (<c>inetdev_changename</c>).</summary>
    public static void OnRename(AddressEditor editor, Link link)
    {
        ImmutableArray<InterfaceAddress> addresses = editor.Table.Of(AF_INET, link.Index);
        for (int i = 0; i < addresses.Length; i++)
        {
            InterfaceAddress renamed = addresses[i] with { Label = i == 0 ? link.Name : Relabel(link.Name, addresses[i].Label, i + 1) };
            editor.Change(addresses[i], renamed);
            editor.Say(RtmType.RTM_NEWADDR, renamed, isRequested: false);
        }
    }

    /// <summary>Whether two addresses share mask and network, which makes the later one a secondary.</summary>
    public static bool IsSameNetwork(InterfaceAddress left, InterfaceAddress right) => left.IsInNetworkOf(right);

    private static InterfaceName Relabel(InterfaceName name, InterfaceName label, int number)
    {
        // By bytes: a name need not be text.
        ReadOnlySpan<byte> old = label.Utf8;
        int colon = old.IndexOf((byte)':');
        ReadOnlySpan<byte> suffix = colon >= 0 ? old[colon..] : Encoding.ASCII.GetBytes($":{number}");
        ReadOnlySpan<byte> kept = name.Utf8[..Math.Min(name.Utf8.Length, InterfaceName.Size - 1 - suffix.Length)];
        _ = InterfaceName.TryCreate([.. kept, .. suffix], out InterfaceName relabelled);
        return relabelled;
    }

    private static void Remove(AddressEditor editor, InterfaceAddress address, bool isRequested)
    {
        InterfaceAddress? primary = address.IsSecondary ? PrimaryOf(editor, address) : address;
        editor.Put(AF_INET, address.Index, editor.Table.Of(AF_INET, address.Index).Remove(address));
        editor.Say(RtmType.RTM_DELADDR, address, isRequested);
        if (editor.TryFindLink(address.Index, out Link? link) && primary is not null)
            RemoveRoutes(editor, address, primary, link);
        if (link is not null && editor.Table.Of(AF_INET, address.Index).IsEmpty)
            OnDown(editor, link, all: true);
    }

    /// <summary><c>fib_add_ifaddr</c>.</summary>
    private static void AddRoutes(AddressEditor editor, InterfaceAddress address, Link link)
    {
        AddressBits source = SourceOf(editor, address);
        RouteEditor routes = editor.Routes;
        RouteTables tables = routes.Table.Tables;
        routes.Imply(ref tables, Implied(Host(address.LocalBits), RouteType.RTN_LOCAL, source, link, 0));
        if (link.IsUp)
        {
            bool hasNetwork = HasNetwork(address);
            if (address.BroadcastBits is { } broadcast && broadcast != uint.MaxValue)
                routes.Imply(ref tables, Implied(Host(broadcast), RouteType.RTN_BROADCAST, source, link, 0));
            if (hasNetwork && address.HasPrefixRoute)
                routes.Imply(ref tables, Connected(address, source, link));
            if (hasNetwork && address.PrefixLength < 31)
                routes.Imply(ref tables, Implied(Host(address.LastInNetwork), RouteType.RTN_BROADCAST, source, link, 0));
        }
        routes.Put(in tables);
    }

    /// <summary><c>fib_del_ifaddr</c>: what no other address of the link still needs; then the routes that prefer it as source.</summary>
    private static void RemoveRoutes(AddressEditor editor, InterfaceAddress address, InterfaceAddress primary, Link link)
    {
        RouteEditor routes = editor.Routes;
        RouteTables tables = routes.Table.Tables;
        RemoveRoutes(editor, routes, ref tables, address, primary.LocalBits, link);
        routes.Put(in tables);
    }

    private static void RemoveRoutes(AddressEditor editor, RouteEditor routes, ref RouteTables tables, InterfaceAddress address, AddressBits source, Link link)
    {
        ImmutableArray<InterfaceAddress> others = editor.Table.Of(AF_INET, address.Index);
        bool hasNetwork = HasNetwork(address);
        if (hasNetwork && address.HasPrefixRoute)
            RemoveImplied(routes, ref tables, NetworkOf(address), ConnectedType(link), source, link, address.Metric);
        if (address.BroadcastBits is { } broadcast && !IsBroadcastOfAny(editor, others, source, broadcast))
            RemoveImplied(routes, ref tables, Host(broadcast), RouteType.RTN_BROADCAST, source, link, 0);
        if (hasNetwork && address.PrefixLength < 31 && !IsBroadcastOfAny(editor, others, source, address.LastInNetwork))
            RemoveImplied(routes, ref tables, Host(address.LastInNetwork), RouteType.RTN_BROADCAST, source, link, 0);
        AddressBits local = address.LocalBits;
        foreach (InterfaceAddress other in others)
        {
            if (other.LocalBits == local && SourceOf(editor, other) == source)
                return;
        }
        RemoveImplied(routes, ref tables, Host(local), RouteType.RTN_LOCAL, source, link, 0);
        if (RouteView.TypeOf(tables.Get(AF_INET, RouteTableId.Local), address.Local) == RouteType.RTN_LOCAL)
            return;
        var preferring = new Preferring(local);
        _ = routes.RemoveAll(ref tables, AF_INET, in preferring);
    }

    /// <summary>Whether an address with the same source, and so with the same routes, has the broadcast address too.</summary>
    private static bool IsBroadcastOfAny(AddressEditor editor, ImmutableArray<InterfaceAddress> addresses, AddressBits source, uint broadcast)
    {
        foreach (InterfaceAddress address in addresses)
        {
            if (HasBroadcast(address, broadcast) && SourceOf(editor, address) == source)
                return true;
        }
        return false;
    }

    private static bool HasBroadcast(InterfaceAddress address, uint broadcast) =>
        address.BroadcastBits == broadcast || (address.LastInNetwork == broadcast && address.PrefixLength < 31 && HasNetwork(address));

    /// <summary>The source that an address's routes prefer: its own, or its primary's.</summary>
    private static AddressBits SourceOf(AddressEditor editor, InterfaceAddress address) =>
        (address.IsSecondary ? PrimaryOf(editor, address) ?? address : address).LocalBits;

    /// <summary>A primary whose network is more than the address itself.</summary>
    private static bool HasNetwork(InterfaceAddress address) =>
        !address.IsSecondary
        && address.Network >> 24 != 0
        && (address.PrefixLength < 32 || address.Network != (uint)address.LocalBits.Low);

    private static bool HasConnectedRoute(InterfaceAddress address) => HasNetwork(address) && address.HasPrefixRoute;

    private static InterfaceAddress? PrimaryOf(AddressEditor editor, InterfaceAddress address)
    {
        foreach (InterfaceAddress other in editor.Table.Of(AF_INET, address.Index))
        {
            if (!other.IsSecondary && IsSameNetwork(other, address))
                return other;
        }
        return null;
    }

    private static void RemoveImplied(RouteEditor routes, ref RouteTables tables, FibKey destination, RouteType type, AddressBits source, Link link, uint priority)
    {
        if (tables.Find(AF_INET, TableOf(type)) is not { } fib)
            return;
        PrefixRoutes candidates = fib.Of(destination);
        for (int at = 0; at < candidates.Count; at++)
        {
            Route route = candidates[at];
            if (route.Type != type || route.OutputIndex != link.Index || !route.Prefers(source, AF_INET) || route.Protocol != RouteProtocol.Kernel || route.Priority != priority)
                continue;
            routes.Remove(ref tables, fib, candidates, at);
            return;
        }
    }

    private static uint TableOf(RouteType type) => type == RouteType.RTN_UNICAST ? RouteTableId.Main : RouteTableId.Local;

    private static RouteType ConnectedType(Link link) => link.IsLoopback ? RouteType.RTN_LOCAL : RouteType.RTN_UNICAST;

    private static FibKey Host(AddressBits address) => new(address, 32);

    private static FibKey Host(uint address) => Host(new AddressBits(0, address));

    private static FibKey NetworkOf(InterfaceAddress address) => new(new AddressBits(0, address.Network), address.PrefixLength);

    private static Route Connected(InterfaceAddress address, AddressBits source, Link link) =>
        Implied(NetworkOf(address), ConnectedType(link), source, link, address.Metric);

    /// <summary><c>fib_magic</c>.</summary>
    private static Route Implied(FibKey destination, RouteType type, AddressBits source, Link link, uint priority) =>
        new(AF_INET, destination, TableOf(type), type)
        {
            Scope = type == RouteType.RTN_LOCAL ? RouteScope.Host : RouteScope.Link,
            Priority = priority,
            OutputIndex = link.Index,
            PreferredBits = source,
        };

    /// <summary>The routes of a link that is down.</summary>
    private readonly struct LeavingByLink(int index, bool all) : IItemCondition<Route>
    {
        public bool Suits(Route item) => item.OutputIndex == index && (all || item.Scope != RouteScope.Host);
    }

    /// <summary>The routes that prefer an address as source, but for the local ones.</summary>
    private readonly struct Preferring(AddressBits source) : IItemCondition<Route>
    {
        public bool Suits(Route item) => item.Table != RouteTableId.Local && item.Prefers(source, AF_INET);
    }
}
