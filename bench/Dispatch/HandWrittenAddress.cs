using System.Runtime.InteropServices;
using SmallRtnl.Addresses;
using static SmallRtnl.Addresses.AddressAttributeType;

namespace SmallRtnl.Bench;

/// <summary>What <see cref="AddressMessage"/> is, written by hand.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct HandWrittenAddress
{
    public IfAddrMsg Header;
    public bool HasUndeclared;
    public int? TargetNetnsId;
    public InetAddress? Address;
    public InetAddress? Local;
    public InetAddress? Broadcast;
    public InterfaceName? Label;
    public AddressFlags? Flags;
    public uint? RoutePriority;
    public AddressCacheInfo? CacheInfo;
    public byte? Protocol;
    public NetlinkBytes? Anycast;

    /// <summary>Parses and checks a whole message, nlmsghdr included.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> memory, NetlinkValidation validation, Extack extack, out HandWrittenAddress message)
    {
        message = default;
        ReadOnlySpan<byte> bytes = memory.Span;
        if (bytes.Length < NetlinkHeader.Size || !MemoryMarshal.TryRead(bytes[NetlinkHeader.Size..], out message.Header))
            return extack.Fail(Errno.EINVAL, "Invalid header length");
        ProtocolFamily family = message.Header.Family;
        var attribute = new HandWrittenAttributes(bytes, NetlinkHeader.Size + 8);
        while (attribute.Read())
        {
            bool passes = true;
            switch (attribute.Type)
            {
                case IFA_ADDRESS:
                    passes = attribute.TryReadAddress(family, validation, extack, out message.Address);
                    break;
                case IFA_LOCAL:
                    passes = attribute.TryReadAddress(family, validation, extack, out message.Local);
                    break;
                case IFA_LABEL:
                    passes = attribute.TryReadName(validation, extack, out message.Label);
                    break;
                case IFA_BROADCAST:
                    passes = attribute.TryReadAddress(family, validation, extack, out message.Broadcast);
                    break;
                case IFA_ANYCAST:
                    passes = attribute.TryReadBytes(memory, 0, validation, extack, out message.Anycast);
                    break;
                case IFA_CACHEINFO:
                    passes = attribute.TryRead(validation, extack, out message.CacheInfo);
                    break;
                case IFA_FLAGS:
                    passes = attribute.TryRead(validation, extack, out message.Flags);
                    break;
                case IFA_RT_PRIORITY:
                    passes = attribute.TryRead(validation, extack, out message.RoutePriority);
                    break;
                case IFA_TARGET_NETNSID:
                    passes = attribute.TryRead(validation, extack, out message.TargetNetnsId);
                    break;
                case IFA_PROTO:
                    passes = attribute.TryRead(validation, extack, out message.Protocol);
                    break;
                case 0 or > IFA_PROTO:
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
        if (TargetNetnsId is { } id)
            writer.Put(IFA_TARGET_NETNSID, id);
        if (Address is { } address)
            writer.PutAddress(IFA_ADDRESS, address);
        if (Local is { } local)
            writer.PutAddress(IFA_LOCAL, local);
        if (Broadcast is { } broadcast)
            writer.PutAddress(IFA_BROADCAST, broadcast);
        if (Label is { } label)
            writer.PutString(IFA_LABEL, label.Utf8);
        if (Flags is { } flags)
            writer.Put(IFA_FLAGS, flags);
        if (RoutePriority is { } priority)
            writer.Put(IFA_RT_PRIORITY, priority);
        if (CacheInfo is { } cacheInfo)
            writer.Put(IFA_CACHEINFO, cacheInfo);
        if (Protocol is { } protocol)
            writer.Put(IFA_PROTO, protocol);
        if (Anycast is { } anycast)
            writer.PutBytes(IFA_ANYCAST, anycast.Span);
        return writer.Position;
    }
}
