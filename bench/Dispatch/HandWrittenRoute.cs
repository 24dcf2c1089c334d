using System.Runtime.InteropServices;
using SmallRtnl.Routes;
using static SmallRtnl.Routes.RouteAttributeType;

namespace SmallRtnl.Bench;

/// <summary>What <see cref="RouteMessage"/> is, written by hand.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct HandWrittenRoute
{
    public RtMsg Header;
    public bool HasUndeclared;
    public uint? Table;
    public InetAddress? Destination;
    public InetAddress? Source;
    public uint? Priority;
    public NetlinkBytes? Metrics;
    public InetAddress? PreferredSource;
    public InetAddress? Gateway;
    public int? OutputIndex;
    public uint? Flow;
    public uint? Mark;
    public uint? UserId;
    public RouteCacheInfo? CacheInfo;
    public byte? Preference;
    public uint? Expires;
    public int? InputIndex;
    public NetlinkBytes? Multipath;
    public NetlinkBytes? Via;
    public uint? NexthopId;
    public ushort? EncapType;
    public NetlinkBytes? Encap;
    public byte? IpProtocol;
    public ushort? SourcePort;
    public ushort? DestinationPort;

    /// <summary>Parses and checks a whole message, nlmsghdr included.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> memory, NetlinkValidation validation, Extack extack, out HandWrittenRoute message)
    {
        message = default;
        ReadOnlySpan<byte> bytes = memory.Span;
        if (bytes.Length < NetlinkHeader.Size || !MemoryMarshal.TryRead(bytes[NetlinkHeader.Size..], out message.Header))
            return extack.Fail(Errno.EINVAL, "Invalid header length");
        ProtocolFamily family = message.Header.Family;
        NetlinkValidation strict = validation | NetlinkValidation.Strict;
        var attribute = new HandWrittenAttributes(bytes, NetlinkHeader.Size + 12);
        while (attribute.Read())
        {
            bool passes = true;
            switch (attribute.Type)
            {
                case RTA_TABLE:
                    passes = attribute.TryRead(validation, extack, out message.Table);
                    break;
                case RTA_DST:
                    passes = attribute.TryReadAddress(family, validation, extack, out message.Destination);
                    break;
                case RTA_SRC:
                    passes = attribute.TryReadAddress(family, validation, extack, out message.Source);
                    break;
                case RTA_PRIORITY:
                    passes = attribute.TryRead(validation, extack, out message.Priority);
                    break;
                case RTA_METRICS:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.Metrics, isNest: true);
                    break;
                case RTA_PREFSRC:
                    passes = attribute.TryReadAddress(family, validation, extack, out message.PreferredSource);
                    break;
                case RTA_GATEWAY:
                    passes = attribute.TryReadAddress(family, validation, extack, out message.Gateway);
                    break;
                case RTA_OIF:
                    passes = attribute.TryRead(validation, extack, out message.OutputIndex);
                    break;
                case RTA_FLOW:
                    passes = attribute.TryRead(validation, extack, out message.Flow);
                    break;
                case RTA_MARK:
                    passes = attribute.TryRead(validation, extack, out message.Mark);
                    break;
                case RTA_UID:
                    passes = attribute.TryRead(validation, extack, out message.UserId);
                    break;
                case RTA_CACHEINFO:
                    passes = attribute.TryRead(validation, extack, out message.CacheInfo);
                    break;
                case RTA_PREF:
                    passes = attribute.TryRead(validation, extack, out message.Preference);
                    break;
                case RTA_EXPIRES:
                    passes = attribute.TryRead(validation, extack, out message.Expires);
                    break;
                case RTA_IIF:
                    passes = attribute.TryRead(validation, extack, out message.InputIndex);
                    break;
                case RTA_MULTIPATH:
                    passes = attribute.TryReadBytes(memory, 8, validation, extack, out message.Multipath);
                    break;
                case RTA_VIA:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.Via);
                    break;
                case RTA_NH_ID:
                    passes = attribute.TryRead(strict, extack, out message.NexthopId);
                    break;
                case RTA_ENCAP_TYPE:
                    passes = attribute.TryRead(validation, extack, out message.EncapType);
                    break;
                case RTA_ENCAP:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.Encap, isNest: true);
                    break;
                case RTA_IP_PROTO:
                    passes = attribute.TryRead(validation, extack, out message.IpProtocol);
                    break;
                case RTA_SPORT:
                    passes = attribute.TryRead(validation, extack, out message.SourcePort);
                    break;
                case RTA_DPORT:
                    passes = attribute.TryRead(validation, extack, out message.DestinationPort);
                    break;
                case 0 or > RTA_FLOWLABEL:
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

    /// <summary>Writes the fixed header and the attributes, into a span that is long enough or throws.</summary>
    public readonly int Write(Span<byte> buffer)
    {
        var writer = new HandWrittenWriter(buffer);
        writer.Raw(Header);
        if (Table is { } table)
            writer.Put(RTA_TABLE, table);
        if (Destination is { } destination)
            writer.PutAddress(RTA_DST, destination);
        if (Source is { } source)
            writer.PutAddress(RTA_SRC, source);
        if (Priority is { } priority)
            writer.Put(RTA_PRIORITY, priority);
        if (Metrics is { } metrics)
            writer.PutBytes(RTA_METRICS | NetlinkWriter.NLA_F_NESTED, metrics.Span);
        if (PreferredSource is { } preferredSource)
            writer.PutAddress(RTA_PREFSRC, preferredSource);
        if (Gateway is { } gateway)
            writer.PutAddress(RTA_GATEWAY, gateway);
        if (OutputIndex is { } outputIndex)
            writer.Put(RTA_OIF, outputIndex);
        if (Flow is { } flow)
            writer.Put(RTA_FLOW, flow);
        if (Mark is { } mark)
            writer.Put(RTA_MARK, mark);
        if (UserId is { } userId)
            writer.Put(RTA_UID, userId);
        if (CacheInfo is { } cacheInfo)
            writer.Put(RTA_CACHEINFO, cacheInfo);
        if (Preference is { } preference)
            writer.Put(RTA_PREF, preference);
        if (Expires is { } expires)
            writer.Put(RTA_EXPIRES, expires);
        if (InputIndex is { } inputIndex)
            writer.Put(RTA_IIF, inputIndex);
        if (Multipath is { } multipath)
            writer.PutBytes(RTA_MULTIPATH, multipath.Span);
        if (Via is { } via)
            writer.PutBytes(RTA_VIA, via.Span);
        if (NexthopId is { } nexthopId)
            writer.Put(RTA_NH_ID, nexthopId);
        if (EncapType is { } encapType)
            writer.Put(RTA_ENCAP_TYPE, encapType);
        if (Encap is { } encap)
            writer.PutBytes(RTA_ENCAP | NetlinkWriter.NLA_F_NESTED, encap.Span);
        if (IpProtocol is { } ipProtocol)
            writer.Put(RTA_IP_PROTO, ipProtocol);
        if (SourcePort is { } sourcePort)
            writer.Put(RTA_SPORT, sourcePort);
        if (DestinationPort is { } destinationPort)
            writer.Put(RTA_DPORT, destinationPort);
        return writer.Position;
    }
}
