using System.Collections.Immutable;
using SmallRtnl.Links;
using static SmallRtnl.Addresses.AddressFlags;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Addresses;

/// <summary>RTM_NEWADDR, DELADDR and GETADDR of IPv6 (net/ipv6/addrconf.c).</summary>
public sealed class Inet6AddressHandlers(AddressSubsystem addresses)
{
    private const AddressFlags Requestable =
        IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN | IFA_F_OPTIMISTIC;

    /// <summary>Adds an address, or with NLM_F_REPLACE changes one (<c>inet6_rtm_newaddr</c>).</summary>
    [DoIt(RTM_NEWADDR, Lock = PerNet, Family = AF_INET6)]
    public RtnlResult New(in DoItRequest<AddressMessage> request)
    {
        AddressMessage message = request.Message;
        if (!TryReadAddress(in message, out InetAddress local, out InetAddress peer))
            return RtnlResult.Error(Errno.EINVAL);
        var editor = new AddressEditor(request.Context, request.Net, addresses.Lifetimes.Time);
        long now = editor.Now;
        if (!AddressRequest.TryReadLifetime(in message, now, out AddressLifetime lifetime))
            return RtnlResult.Error(Errno.EINVAL, "ipv6: address lifetime invalid");
        if (!editor.TryFindLink((int)message.Header.Index, out Link? link))
            return RtnlResult.Error(Errno.ENODEV, "ipv6: Unable to find the interface");
        AddressFlags flags = AddressRequest.FlagsOf(in message) & Requestable;
        if (message.Header.PrefixLength > 128)
            return RtnlResult.Error(Errno.EINVAL, "ipv6: Invalid prefix length");
        if ((flags & IFA_F_MANAGETEMPADDR) != 0 && message.Header.PrefixLength != 64)
            return RtnlResult.Error(Errno.EINVAL, "ipv6: address with \"mngtmpaddr\" flag must have a prefix length of 64");
        if (link.Mtu < Inet6Addresses.MinMtu)
            return RtnlResult.Error(Errno.EINVAL, "ipv6: IPv6 is disabled on this device");
        var address = new InterfaceAddress
        {
            Index = link.Index,
            Local = local,
            Peer = peer,
            PrefixLength = message.Header.PrefixLength,
            Scope = Inet6Addresses.ScopeOf(local),
            Flags = (flags & ~IFA_F_OPTIMISTIC) | AddressRequest.FlagsOf(lifetime),
            Metric = message.RoutePriority ?? 0,
            Protocol = message.Protocol ?? 0,
            Lifetime = lifetime,
            Created = now,
        };
        RtnlResult result = RtnlResult.Ok;
        if (editor.Table.Find(local, link.Index) is not { } existing)
            result = Inet6Addresses.Add(editor, link, address, isRequested: true);
        else if ((request.Flags & NetlinkFlags.NLM_F_EXCL) != 0 || (request.Flags & NetlinkFlags.NLM_F_REPLACE) == 0)
            return RtnlResult.Error(Errno.EEXIST, "ipv6: address already assigned");
        else
            Inet6Addresses.Update(editor, link, existing, address, isRequested: true);
        if (result.IsOk && lifetime.NextChange(now) is { } at)
            Watch(in request, at);
        return result;
    }

    /// <summary>Deletes an address (<c>inet6_rtm_deladdr</c>).</summary>
    [DoIt(RTM_DELADDR, Lock = PerNet, Family = AF_INET6)]
    public RtnlResult Delete(in DoItRequest<AddressMessage> request)
    {
        AddressMessage message = request.Message;
        if (!TryReadAddress(in message, out InetAddress local, out _))
            return RtnlResult.Error(Errno.EINVAL);
        if (message.Header.PrefixLength > 128)
            return RtnlResult.Error(Errno.EINVAL, "ipv6: Invalid prefix length");
        var editor = new AddressEditor(request.Context, request.Net, addresses.Lifetimes.Time);
        if (!editor.TryFindLink((int)message.Header.Index, out Link? link))
            return RtnlResult.Error(Errno.ENODEV, "ipv6: Unable to find the interface");
        if (editor.Table.Find(local, link.Index) is not { } address || address.PrefixLength != message.Header.PrefixLength)
            return RtnlResult.Error(Errno.EADDRNOTAVAIL, "ipv6: address not found");
        Inet6Addresses.Delete(editor, address, isRequested: true);
        return RtnlResult.Ok;
    }

    /// <summary>Answers with one address (<c>inet6_rtm_getaddr</c>).</summary>
    [DoIt(RTM_GETADDR, Lock = Unlocked, Family = AF_INET6)]
    public RtnlResult Get(in DoItRequest<AddressMessage> request)
    {
        AddressMessage message = request.Message;
        Net? net = message.TargetNetnsId is { } nsid ? request.Read<NsidTable>().Find(nsid) : request.Net;
        if (net is null || !TryReadAddress(in message, out InetAddress local, out _))
            return RtnlResult.Error(Errno.EINVAL);
        // An interface that is not there restricts nothing.
        LinkTable links = request.Read<LinkTable>(net);
        int index = links.TryFind((int)message.Header.Index, out _) ? (int)message.Header.Index : 0;
        return request.Read<AddressTable>(net).Find(local, index) is { } address
            ? request.Reply(RTM_NEWADDR, Inet6AddressMessage.Of(AddressMessages.From(address, HostClock.Milliseconds(addresses.Lifetimes.Time), message.TargetNetnsId)))
            : RtnlResult.Error(Errno.EADDRNOTAVAIL);
    }

    /// <summary>Lists addresses, of one interface if the request names it (<c>inet6_dump_ifaddr</c>).</summary>
    [DumpIt(RTM_GETADDR, Lock = Unlocked, Family = AF_INET6)]
    internal IEnumerable<Inet6AddressMessage> Dump(DumpItRequest<Inet6AddressMessage> request)
    {
        if (!AddressRequest.TryReadFilter(in request, out Net? net, out int wanted))
            yield break;
        long now = HostClock.Milliseconds(addresses.Lifetimes.Time);
        int? nsid = request.IsStrict ? request.Message.TargetNetnsId : null;
        foreach (KeyValuePair<int, ImmutableArray<InterfaceAddress>> entry in request.Read<AddressTable>(net).All(AF_INET6))
        {
            if (wanted != 0 && entry.Key != wanted)
                continue;
            foreach (InterfaceAddress address in entry.Value)
                yield return Inet6AddressMessage.Of(AddressMessages.From(address, now, nsid));
        }
    }

    /// <summary>Lists anycast addresses (<c>inet6_dump_ifacaddr</c>): without forwarding no link is a router's.</summary>
    [DumpIt(RTM_GETANYCAST, Lock = Unlocked, Family = AF_INET6)]
    internal static IEnumerable<AddressMessage> DumpAnycast(DumpItRequest<AddressMessage> request)
    {
        // It says what is wrong with the request, and else nothing.
        AddressRequest.TryReadFilter(in request, "ipv6", out _, out _);
        yield break;
    }

    /// <summary>IFA_LOCAL is the address and IFA_ADDRESS its peer where both are given and differ (<c>extract_addr</c>).</summary>
    private static bool TryReadAddress(in AddressMessage message, out InetAddress local, out InetAddress peer)
    {
        local = message.Local ?? message.Address ?? default;
        peer = message.Address ?? local;
        return message.Local is not null || message.Address is not null;
    }

    private void Watch(in DoItRequest<AddressMessage> request, long at)
    {
        Net net = request.Net;
        request.Defer(() => addresses.Lifetimes.Schedule(net, at));
    }
}
