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
    public static RtnlResult Add(AddressEditor editor, InterfaceAddress address, bool isRequested)
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
        if (editor.TryFindLink(address.Index, out Link? link))
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
            editor.Routes.Imply(Connected(after, after.Local, link));
            RemoveImplied(editor, Connected(before, before.Local, link));
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
            _ = Add(editor, new InterfaceAddress
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
        RouteEditor routes = editor.Routes;
        foreach (Route route in routes.Where(AF_INET, route => route.OutputIndex == link.Index && (all || route.Scope != RouteScope.Host)))
            routes.Remove(route, silently: true);
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
    public static bool IsSameNetwork(InterfaceAddress left, InterfaceAddress right) =>
        left.PrefixLength == right.PrefixLength && left.Peer.InSameNetwork(right.Peer, left.PrefixLength);

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
        InetAddress source = SourceOf(editor, address);
        RouteEditor routes = editor.Routes;
        routes.Imply(Local(address, source, link));
        if (!link.IsUp)
            return;
        if (address.Broadcast is { } broadcast && broadcast.Value != uint.MaxValue)
            routes.Imply(Broadcast(broadcast, source, link));
        if (!HasNetwork(address))
            return;
        if (address.HasPrefixRoute)
            routes.Imply(Connected(address, source, link));
        if (address.PrefixLength < 31)
            routes.Imply(Broadcast(address.Peer.LastInNetwork(address.PrefixLength), source, link));
    }

    /// <summary><c>fib_del_ifaddr</c>: what no other address of the link still needs; then the routes that prefer it as source.</summary>
    private static void RemoveRoutes(AddressEditor editor, InterfaceAddress address, InterfaceAddress primary, Link link)
    {
        RouteEditor routes = editor.Routes;
        // Only those with the same source share a route: another source makes another route.
        List<InterfaceAddress> others = [.. editor.Table.Of(AF_INET, address.Index).Where(other => SourceOf(editor, other) == primary.Local)];
        if (HasNetwork(address) && address.HasPrefixRoute)
            RemoveImplied(editor, Connected(address, primary.Local, link));
        if (address.Broadcast is { } broadcast && !others.Exists(other => HasBroadcast(other, broadcast)))
            RemoveImplied(editor, Broadcast(broadcast, primary.Local, link));
        if (HasNetwork(address) && address.PrefixLength < 31 && address.Peer.LastInNetwork(address.PrefixLength) is var last && !others.Exists(other => HasBroadcast(other, last)))
            RemoveImplied(editor, Broadcast(last, primary.Local, link));
        if (others.Exists(other => other.Local == address.Local))
            return;
        RemoveImplied(editor, Local(address, primary.Local, link));
        if (RouteView.Of(editor.Context, editor.Net).TypeOf(address.Local) == RouteType.RTN_LOCAL)
            return;
        foreach (Route route in routes.Where(AF_INET, route => route.PreferredSource == address.Local && route.Table != RouteTableId.Local))
            routes.Remove(route);
    }

    private static bool HasBroadcast(InterfaceAddress address, InetAddress broadcast) =>
        address.Broadcast == broadcast || (HasNetwork(address) && address.PrefixLength < 31 && address.Peer.LastInNetwork(address.PrefixLength) == broadcast);

    /// <summary>The source that an address's routes prefer: its own, or its primary's.</summary>
    private static InetAddress SourceOf(AddressEditor editor, InterfaceAddress address) =>
        (address.IsSecondary ? PrimaryOf(editor, address) ?? address : address).Local;

    /// <summary>A primary whose network is more than the address itself.</summary>
    private static bool HasNetwork(InterfaceAddress address) =>
        !address.IsSecondary
        && (address.Peer.Mask(address.PrefixLength).Value >> 24) != 0
        && (address.Peer.Mask(address.PrefixLength) != address.Local || address.PrefixLength < 32);

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

    private static void RemoveImplied(AddressEditor editor, Route implied)
    {
        foreach (Route route in editor.Routes.Table.Get(AF_INET, implied.Table).Of(implied.Destination))
        {
            if (route.Type == implied.Type && route.OutputIndex == implied.OutputIndex && route.PreferredSource == implied.PreferredSource && route.Protocol == RouteProtocol.Kernel && route.Priority == implied.Priority)
            {
                editor.Routes.Remove(route);
                return;
            }
        }
    }

    private static Route Local(InterfaceAddress address, InetAddress source, Link link) => Implied(Prefix.Host(address.Local), RouteType.RTN_LOCAL, source, link, 0);

    private static Route Broadcast(InetAddress broadcast, InetAddress source, Link link) => Implied(Prefix.Host(broadcast), RouteType.RTN_BROADCAST, source, link, 0);

    private static Route Connected(InterfaceAddress address, InetAddress source, Link link) => Implied(
        Prefix.Of(address.Peer, address.PrefixLength),
        link.IsLoopback ? RouteType.RTN_LOCAL : RouteType.RTN_UNICAST,
        source,
        link,
        address.Metric);

    /// <summary><c>fib_magic</c>.</summary>
    private static Route Implied(Prefix destination, RouteType type, InetAddress source, Link link, uint priority) => new()
    {
        Destination = destination,
        Table = type == RouteType.RTN_UNICAST ? RouteTableId.Main : RouteTableId.Local,
        Type = type,
        Scope = type == RouteType.RTN_LOCAL ? RouteScope.Host : RouteScope.Link,
        Protocol = RouteProtocol.Kernel,
        Priority = priority,
        OutputIndex = link.Index,
        PreferredSource = source,
    };
}
