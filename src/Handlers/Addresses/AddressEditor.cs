using System.Collections.Immutable;
using SmallRtnl.Links;
using SmallRtnl.Routes;

namespace SmallRtnl.Addresses;

/// <summary>What one request does to the addresses of one namespace and to the routes that follow from them. Stages through the request.</summary>
internal readonly struct AddressEditor(RtnlContext context, Net net, TimeProvider time)
{
    /// <summary>The request.</summary>
    public RtnlContext Context => context;

    /// <summary>The namespace.</summary>
    public Net Net => net;

    /// <summary>The host's clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Its routes.</summary>
    public RouteEditor Routes => new(context, net, time);

    /// <summary>Its addresses as this request sees them.</summary>
    public AddressTable Table => context.Read<AddressTable>(net);

    /// <summary>The host's clock in milliseconds.</summary>
    public long Now => HostClock.Milliseconds(time);

    /// <summary>A link as this request sees it.</summary>
    public bool TryFindLink(int index, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Link? link) =>
        context.Read<LinkTable>(net).TryFind(index, out link);

    /// <summary>Replaces an interface's addresses.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Put(ProtocolFamily family, int index, ImmutableArray<InterfaceAddress> addresses) =>
        context.Stage(net, Table.With(family, index, addresses));

    /// <summary>Puts another version in an address's place.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Change(InterfaceAddress before, InterfaceAddress after) =>
        Put(before.Family, before.Index, Table.Of(before.Family, before.Index).Replace(before, after));

    /// <summary>Says what became of an address.</summary>
    /// <param name="type">RTM_NEWADDR or RTM_DELADDR.</param>
    /// <param name="address">The address.</param>
    /// <param name="isRequested">Whether a client asked for this very change.</param>
    [RequiresLock(RtnlLock.PerNet)]
    public void Say(RtmType type, InterfaceAddress address, bool isRequested)
    {
        bool isInet6 = address.Family == ProtocolFamily.AF_INET6;
        int group = isInet6 ? RtnetlinkGroup.RTNLGRP_IPV6_IFADDR : RtnetlinkGroup.RTNLGRP_IPV4_IFADDR;
        if (!context.IsHeard(net, group))
            return;
        AddressMessage message = AddressMessages.From(address, Now);
        // inet6_ifa_notify names no requester and echoes to none.
        if (isInet6)
            context.Announce(net, group, type, Inet6AddressMessage.Of(in message));
        else if (isRequested)
            context.Notify(net, group, type, in message);
        else
            context.Announce(net, group, type, in message);
    }
}
