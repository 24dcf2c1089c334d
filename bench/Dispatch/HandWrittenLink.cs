using System.Runtime.InteropServices;
using SmallRtnl.Links;
using static SmallRtnl.Links.LinkAttributeType;

namespace SmallRtnl.Bench;

/// <summary>What <see cref="LinkMessage"/> is, written by hand.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct HandWrittenLink
{
    public IfInfoMsg Header;
    public bool HasUndeclared;
    public int? TargetNetnsId;
    public InterfaceName? Name;
    public uint? TxQueueLength;
    public LinkOperState? OperState;
    public byte? LinkMode;
    public byte? NetnsImmutable;
    public uint? Mtu;
    public uint? MinMtu;
    public uint? MaxMtu;
    public uint? Group;
    public uint? Promiscuity;
    public uint? AllMulticast;
    public uint? TxQueues;
    public uint? GsoMaxSegments;
    public uint? GsoMaxSize;
    public uint? GroMaxSize;
    public uint? GsoIpv4MaxSize;
    public uint? GroIpv4MaxSize;
    public uint? TsoMaxSize;
    public uint? TsoMaxSegments;
    public uint? MaxPacingOffloadHorizon;
    public uint? RxQueues;
    public uint? Master;
    public byte? Carrier;
    public NetlinkString? Alias;
    public uint? CarrierChanges;
    public uint? CarrierUpCount;
    public uint? CarrierDownCount;
    public ushort? Headroom;
    public ushort? Tailroom;
    public byte? ProtoDown;
    public HardwareAddress? Address;
    public HardwareAddress? Broadcast;
    public NetlinkBytes? Stats64;
    public NetlinkBytes? Stats;
    public XdpInfo? Xdp;
    public HandWrittenLinkInfo? Info;
    public int? LinkNetnsId;
    public int? Link;
    public int? NewNetnsId;
    public int? NewIndex;
    public NetlinkString? Qdisc;
    public LinkAfSpec? AfSpec;
    public NetlinkBytes? Map;
    public DevlinkPort? DevlinkPort;
    public DpllPin? DpllPin;
    public NetlinkString? AlternativeName;
    public LinkFilterMask? ExtMask;
    public uint? NetNsPid;
    public uint? NetNsFd;
    public NetlinkBytes? VirtualFunctions;
    public NetlinkBytes? ProtInfo;

    /// <summary>Parses and checks a whole message, nlmsghdr included.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> memory, NetlinkValidation validation, Extack extack, out HandWrittenLink message)
    {
        message = default;
        ReadOnlySpan<byte> bytes = memory.Span;
        if (bytes.Length < NetlinkHeader.Size || !MemoryMarshal.TryRead(bytes[NetlinkHeader.Size..], out message.Header))
            return extack.Fail(Errno.EINVAL, "Invalid header length");
        var attribute = new HandWrittenAttributes(bytes, NetlinkHeader.Size + 16);
        while (attribute.Read())
        {
            bool passes = true;
            switch (attribute.Type)
            {
                case IFLA_TARGET_NETNSID:
                    passes = attribute.TryRead(validation, extack, out message.TargetNetnsId);
                    break;
                case IFLA_IFNAME:
                    passes = attribute.TryReadName(validation, extack, out message.Name);
                    break;
                case IFLA_TXQLEN:
                    passes = attribute.TryRead(validation, extack, out message.TxQueueLength);
                    break;
                case IFLA_OPERSTATE:
                    passes = attribute.TryRead(validation, extack, out message.OperState);
                    break;
                case IFLA_LINKMODE:
                    passes = attribute.TryRead(validation, extack, out message.LinkMode);
                    break;
                case IFLA_NETNS_IMMUTABLE:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_MTU:
                    passes = attribute.TryRead(validation, extack, out message.Mtu);
                    break;
                case IFLA_MIN_MTU:
                    passes = attribute.TryRead(validation, extack, out message.MinMtu);
                    break;
                case IFLA_MAX_MTU:
                    passes = attribute.TryRead(validation, extack, out message.MaxMtu);
                    break;
                case IFLA_GROUP:
                    passes = attribute.TryRead(validation, extack, out message.Group);
                    break;
                case IFLA_PROMISCUITY:
                    passes = attribute.TryRead(validation, extack, out message.Promiscuity);
                    break;
                case IFLA_ALLMULTI:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_NUM_TX_QUEUES:
                    passes = attribute.TryRead(validation, extack, out message.TxQueues);
                    break;
                case IFLA_GSO_MAX_SEGS:
                    passes = attribute.TryRead(validation, extack, out message.GsoMaxSegments);
                    break;
                case IFLA_GSO_MAX_SIZE:
                    passes = attribute.TryRead(validation, extack, out message.GsoMaxSize) && (message.GsoMaxSize >= 193 || extack.Fail(Errno.ERANGE, "integer out of range", attribute.Start));
                    break;
                case IFLA_GRO_MAX_SIZE:
                    passes = attribute.TryRead(validation, extack, out message.GroMaxSize);
                    break;
                case IFLA_GSO_IPV4_MAX_SIZE:
                    passes = attribute.TryRead(validation, extack, out message.GsoIpv4MaxSize) && (message.GsoIpv4MaxSize >= 193 || extack.Fail(Errno.ERANGE, "integer out of range", attribute.Start));
                    break;
                case IFLA_GRO_IPV4_MAX_SIZE:
                    passes = attribute.TryRead(validation, extack, out message.GroIpv4MaxSize);
                    break;
                case IFLA_TSO_MAX_SIZE:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_TSO_MAX_SEGS:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_MAX_PACING_OFFLOAD_HORIZON:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_NUM_RX_QUEUES:
                    passes = attribute.TryRead(validation, extack, out message.RxQueues);
                    break;
                case IFLA_MASTER:
                    passes = attribute.TryRead(validation, extack, out message.Master);
                    break;
                case IFLA_CARRIER:
                    passes = attribute.TryRead(validation, extack, out message.Carrier);
                    break;
                case IFLA_IFALIAS:
                    passes = attribute.TryReadText(memory, 255, validation, extack, out message.Alias);
                    break;
                case IFLA_CARRIER_CHANGES:
                    passes = attribute.TryRead(validation, extack, out message.CarrierChanges);
                    break;
                case IFLA_CARRIER_UP_COUNT:
                    passes = attribute.TryRead(validation, extack, out message.CarrierUpCount);
                    break;
                case IFLA_CARRIER_DOWN_COUNT:
                    passes = attribute.TryRead(validation, extack, out message.CarrierDownCount);
                    break;
                case IFLA_HEADROOM:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_TAILROOM:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_PROTO_DOWN:
                    passes = attribute.TryRead(validation, extack, out message.ProtoDown);
                    break;
                case IFLA_ADDRESS:
                    passes = attribute.TryReadHardwareAddress(validation, extack, out message.Address);
                    break;
                case IFLA_BROADCAST:
                    passes = attribute.TryReadHardwareAddress(validation, extack, out message.Broadcast);
                    break;
                case IFLA_STATS64:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.Stats64);
                    break;
                case IFLA_STATS:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.Stats);
                    break;
                case IFLA_XDP:
                    passes = attribute.TryReadNest(memory, validation, extack, out message.Xdp);
                    break;
                case IFLA_LINKINFO:
                    passes = HandWrittenLinkInfo.TryParse(memory, in attribute, validation, extack, out message.Info);
                    break;
                case IFLA_LINK_NETNSID:
                    passes = attribute.TryRead(validation, extack, out message.LinkNetnsId);
                    break;
                case IFLA_LINK:
                    passes = attribute.TryRead(validation, extack, out message.Link);
                    break;
                case IFLA_NEW_NETNSID:
                    passes = attribute.TryRead(validation, extack, out message.NewNetnsId);
                    break;
                case IFLA_NEW_IFINDEX:
                    passes = attribute.TryRead(validation, extack, out message.NewIndex) && (message.NewIndex >= 1 || extack.Fail(Errno.ERANGE, "integer out of range", attribute.Start));
                    break;
                case IFLA_QDISC:
                    passes = attribute.TryReadText(memory, 0, validation, extack, out message.Qdisc);
                    break;
                case IFLA_AF_SPEC:
                    passes = attribute.TryReadNest(memory, validation, extack, out message.AfSpec);
                    break;
                case IFLA_MAP:
                    passes = attribute.TryReadBytes(memory, 32, validation, extack, out message.Map);
                    break;
                case IFLA_DEVLINK_PORT:
                    passes = attribute.TryReadNest(memory, validation, extack, out message.DevlinkPort);
                    break;
                case IFLA_DPLL_PIN:
                    passes = extack.Fail(Errno.EINVAL, "Attribute failed policy validation", attribute.Start);
                    break;
                case IFLA_ALT_IFNAME:
                    passes = attribute.TryReadText(memory, 127, validation, extack, out message.AlternativeName);
                    break;
                case IFLA_EXT_MASK:
                    passes = attribute.TryRead(validation, extack, out message.ExtMask);
                    break;
                case IFLA_NET_NS_PID:
                    passes = attribute.TryRead(validation, extack, out message.NetNsPid);
                    break;
                case IFLA_NET_NS_FD:
                    passes = attribute.TryRead(validation, extack, out message.NetNsFd);
                    break;
                case IFLA_VFINFO_LIST:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.VirtualFunctions, isNest: true);
                    break;
                case IFLA_PROTINFO:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.ProtInfo, isNest: true);
                    break;
                case 0 or > IFLA_TAILROOM:
                    passes = attribute.CheckUnknown(validation, extack);
                    break;
                default:
                    message.HasUndeclared = true;
                    break;
            }
            if (!passes)
                return false;
        }
        return attribute.CheckLeftover(validation, extack);
    }

    /// <summary>Writes the fixed header and the attributes that a request has, into a span that is long enough or throws.</summary>
    public readonly int Write(Span<byte> buffer)
    {
        var writer = new HandWrittenWriter(buffer);
        writer.Raw(Header);
        if (TargetNetnsId is { } targetNetnsId)
            writer.Put(IFLA_TARGET_NETNSID, targetNetnsId);
        if (Name is { } name)
            writer.PutString(IFLA_IFNAME, name.Utf8);
        if (TxQueueLength is { } txQueueLength)
            writer.Put(IFLA_TXQLEN, txQueueLength);
        if (OperState is { } operState)
            writer.Put(IFLA_OPERSTATE, operState);
        if (LinkMode is { } linkMode)
            writer.Put(IFLA_LINKMODE, linkMode);
        if (NetnsImmutable is { } netnsImmutable)
            writer.Put(IFLA_NETNS_IMMUTABLE, netnsImmutable);
        if (Mtu is { } mtu)
            writer.Put(IFLA_MTU, mtu);
        if (MinMtu is { } minMtu)
            writer.Put(IFLA_MIN_MTU, minMtu);
        if (MaxMtu is { } maxMtu)
            writer.Put(IFLA_MAX_MTU, maxMtu);
        if (Group is { } group)
            writer.Put(IFLA_GROUP, group);
        if (Promiscuity is { } promiscuity)
            writer.Put(IFLA_PROMISCUITY, promiscuity);
        if (AllMulticast is { } allMulticast)
            writer.Put(IFLA_ALLMULTI, allMulticast);
        if (TxQueues is { } txQueues)
            writer.Put(IFLA_NUM_TX_QUEUES, txQueues);
        if (GsoMaxSegments is { } gsoMaxSegments)
            writer.Put(IFLA_GSO_MAX_SEGS, gsoMaxSegments);
        if (GsoMaxSize is { } gsoMaxSize)
            writer.Put(IFLA_GSO_MAX_SIZE, gsoMaxSize);
        if (GroMaxSize is { } groMaxSize)
            writer.Put(IFLA_GRO_MAX_SIZE, groMaxSize);
        if (GsoIpv4MaxSize is { } gsoIpv4MaxSize)
            writer.Put(IFLA_GSO_IPV4_MAX_SIZE, gsoIpv4MaxSize);
        if (GroIpv4MaxSize is { } groIpv4MaxSize)
            writer.Put(IFLA_GRO_IPV4_MAX_SIZE, groIpv4MaxSize);
        if (TsoMaxSize is { } tsoMaxSize)
            writer.Put(IFLA_TSO_MAX_SIZE, tsoMaxSize);
        if (TsoMaxSegments is { } tsoMaxSegments)
            writer.Put(IFLA_TSO_MAX_SEGS, tsoMaxSegments);
        if (MaxPacingOffloadHorizon is { } maxPacingOffloadHorizon)
            writer.Put(IFLA_MAX_PACING_OFFLOAD_HORIZON, maxPacingOffloadHorizon);
        if (RxQueues is { } rxQueues)
            writer.Put(IFLA_NUM_RX_QUEUES, rxQueues);
        if (Master is { } master)
            writer.Put(IFLA_MASTER, master);
        if (Carrier is { } carrier)
            writer.Put(IFLA_CARRIER, carrier);
        if (Alias is { } alias)
            writer.PutString(IFLA_IFALIAS, alias.Utf8);
        if (CarrierChanges is { } carrierChanges)
            writer.Put(IFLA_CARRIER_CHANGES, carrierChanges);
        if (CarrierUpCount is { } carrierUpCount)
            writer.Put(IFLA_CARRIER_UP_COUNT, carrierUpCount);
        if (CarrierDownCount is { } carrierDownCount)
            writer.Put(IFLA_CARRIER_DOWN_COUNT, carrierDownCount);
        if (Headroom is { } headroom)
            writer.Put(IFLA_HEADROOM, headroom);
        if (Tailroom is { } tailroom)
            writer.Put(IFLA_TAILROOM, tailroom);
        if (ProtoDown is { } protoDown)
            writer.Put(IFLA_PROTO_DOWN, protoDown);
        if (Address is { } address)
            writer.PutBytes(IFLA_ADDRESS, address.Bytes);
        if (Broadcast is { } broadcast)
            writer.PutBytes(IFLA_BROADCAST, broadcast.Bytes);
        if (Stats64 is { } stats64)
            writer.PutBytes(IFLA_STATS64, stats64.Span);
        if (Stats is { } stats)
            writer.PutBytes(IFLA_STATS, stats.Span);
        if (Info is { } info)
            info.Write(ref writer);
        if (LinkNetnsId is { } linkNetnsId)
            writer.Put(IFLA_LINK_NETNSID, linkNetnsId);
        if (Link is { } link)
            writer.Put(IFLA_LINK, link);
        if (NewNetnsId is { } newNetnsId)
            writer.Put(IFLA_NEW_NETNSID, newNetnsId);
        if (NewIndex is { } newIndex)
            writer.Put(IFLA_NEW_IFINDEX, newIndex);
        if (Qdisc is { } qdisc)
            writer.PutString(IFLA_QDISC, qdisc.Utf8);
        if (Map is { } map)
            writer.PutBytes(IFLA_MAP, map.Span);
        if (AlternativeName is { } alternativeName)
            writer.PutString(IFLA_ALT_IFNAME, alternativeName.Utf8);
        if (ExtMask is { } extMask)
            writer.Put(IFLA_EXT_MASK, extMask);
        if (NetNsPid is { } netNsPid)
            writer.Put(IFLA_NET_NS_PID, netNsPid);
        if (NetNsFd is { } netNsFd)
            writer.Put(IFLA_NET_NS_FD, netNsFd);
        if (VirtualFunctions is { } virtualFunctions)
            writer.PutBytes(IFLA_VFINFO_LIST | NetlinkWriter.NLA_F_NESTED, virtualFunctions.Span);
        if (ProtInfo is { } protInfo)
            writer.PutBytes(IFLA_PROTINFO | NetlinkWriter.NLA_F_NESTED, protInfo.Span);
        return writer.Position;
    }
}
