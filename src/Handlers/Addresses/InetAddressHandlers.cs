using System.Collections.Immutable;
using SmallRtnl.Links;
using SmallRtnl.Routes;
using static SmallRtnl.Addresses.AddressAttributeType;
using static SmallRtnl.Addresses.AddressFlags;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Addresses;

/// <summary>RTM_NEWADDR, DELADDR and GETADDR of IPv4 (net/ipv4/devinet.c).</summary>
public sealed class InetAddressHandlers(AddressSubsystem addresses)
{
    // What follows from the address and its lifetimes, and what only IPv6 knows (IPV6ONLY_FLAGS).
    private const AddressFlags NotRequestable =
        IFA_F_SECONDARY | IFA_F_PERMANENT | IFA_F_DEPRECATED
        | IFA_F_NODAD | IFA_F_OPTIMISTIC | IFA_F_DADFAILED | IFA_F_HOMEADDRESS | IFA_F_TENTATIVE | IFA_F_MANAGETEMPADDR | IFA_F_STABLE_PRIVACY;

    /// <summary>Adds an address, or with NLM_F_REPLACE changes one (<c>inet_rtm_newaddr</c>).</summary>
    [DoIt(RTM_NEWADDR, Lock = PerNet, Family = AF_INET)]
    public RtnlResult New(in DoItRequest<AddressMessage> request)
    {
        AddressMessage message = request.Message;
        if (message.Header.PrefixLength > 32)
            return RtnlResult.Error(Errno.EINVAL, "ipv4: Invalid prefix length");
        if (message.Local is not { } local)
            return RtnlResult.Error(Errno.EINVAL, "ipv4: Local address is not supplied");
        var editor = new AddressEditor(request.Context, request.Net, addresses.Lifetimes.Time);
        if (!editor.TryFindLink((int)message.Header.Index, out Link? link))
            return RtnlResult.Error(Errno.ENODEV, "ipv4: Device not found");
        if (link.Mtu < InetAddresses.MinMtu)
            return RtnlResult.Error(Errno.ENOBUFS);
        long now = editor.Now;
        if (!AddressRequest.TryReadLifetime(in message, now, out AddressLifetime lifetime))
            return RtnlResult.Error(Errno.EINVAL, "ipv4: address lifetime invalid");
        InterfaceAddress? existing = Find(editor.Table.Of(AF_INET, link.Index), local, message.Address ?? local, message.Header.PrefixLength);
        if (existing is not null && ((request.Flags & NetlinkFlags.NLM_F_EXCL) != 0 || (request.Flags & NetlinkFlags.NLM_F_REPLACE) == 0))
            return RtnlResult.Error(Errno.EEXIST, "ipv4: Address already assigned");
        var address = new InterfaceAddress
        {
            Index = link.Index,
            Local = local,
            Peer = message.Address ?? local,
            PrefixLength = message.Header.PrefixLength,
            Scope = message.Header.Scope,
            Flags = (AddressRequest.FlagsOf(in message) & ~NotRequestable) | AddressRequest.FlagsOf(lifetime),
            Broadcast = message.Broadcast is { IsAny: false } broadcast ? broadcast : null,
            Label = message.Label ?? link.Name,
            Metric = message.RoutePriority ?? 0,
            Protocol = message.Protocol ?? 0,
            // Of one that is valid forever IPv4 never looks at the preferred lifetime again (check_lifetime, inet_fill_ifaddr).
            Lifetime = lifetime.IsFinite ? lifetime : AddressLifetime.Forever with { Updated = lifetime.Updated },
            Created = now,
        };
        RtnlResult result = RtnlResult.Ok;
        if (existing is null)
            result = InetAddresses.Add(editor, link, address, isRequested: true);
        else
            InetAddresses.Update(editor, existing, address, isRequested: true);
        if (result.IsOk && address.Lifetime.NextChange(now) is { } at)
            Watch(in request, at);
        return result;
    }

    /// <summary>Deletes the first address that fits (<c>inet_rtm_deladdr</c>).</summary>
    [DoIt(RTM_DELADDR, Lock = PerNet, Family = AF_INET)]
    public RtnlResult Delete(in DoItRequest<AddressMessage> request)
    {
        AddressMessage message = request.Message;
        var editor = new AddressEditor(request.Context, request.Net, addresses.Lifetimes.Time);
        if (!editor.TryFindLink((int)message.Header.Index, out Link? link) || link.Mtu < InetAddresses.MinMtu)
            return RtnlResult.Error(Errno.ENODEV, "ipv4: Device not found");
        foreach (InterfaceAddress address in editor.Table.Of(AF_INET, link.Index))
        {
            if (!Fits(address, in message))
                continue;
            InetAddresses.Delete(editor, address, isRequested: true);
            return RtnlResult.Ok;
        }
        return RtnlResult.Error(Errno.EADDRNOTAVAIL, "ipv4: Address not found");
    }

    /// <summary>Lists addresses, of one interface if the request names it (<c>inet_dump_ifaddr</c>).</summary>
    [DumpIt(RTM_GETADDR, Lock = Unlocked, Family = AF_INET, SplitDone = true)]
    public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request)
    {
        if (!AddressRequest.TryReadFilter(in request, "ipv4", out Net? net, out int wanted))
            yield break;
        long now = HostClock.Milliseconds(addresses.Lifetimes.Time);
        int? nsid = request.IsStrict ? request.Message.TargetNetnsId : null;
        foreach (KeyValuePair<int, ImmutableArray<InterfaceAddress>> entry in request.Read<AddressTable>(net).All(AF_INET))
        {
            if (wanted != 0 && entry.Key != wanted)
                continue;
            foreach (InterfaceAddress address in entry.Value)
                yield return AddressMessages.From(address, now, nsid);
        }
    }

    /// <summary>The address with the same mask, network and local part (<c>find_matching_ifa</c>).</summary>
    private static InterfaceAddress? Find(ImmutableArray<InterfaceAddress> addresses, InetAddress local, InetAddress peer, byte prefixLength)
    {
        foreach (InterfaceAddress address in addresses)
        {
            if (address.Local == local && address.PrefixLength == prefixLength && address.Peer.InSameNetwork(peer, prefixLength))
                return address;
        }
        return null;
    }

    private static bool Fits(InterfaceAddress address, in AddressMessage message) =>
        (message.Local is not { } local || address.Local == local)
        && (message.Label is not { } label || address.Label == label)
        && (message.Address is not { } peer
            || (message.Header.PrefixLength == address.PrefixLength && address.Peer.InSameNetwork(peer, address.PrefixLength)));

    private void Watch(in DoItRequest<AddressMessage> request, long at)
    {
        Net net = request.Net;
        request.Defer(() => addresses.Lifetimes.Schedule(net, at));
    }
}
