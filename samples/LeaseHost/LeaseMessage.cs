using SmallRtnl;

namespace LeaseHost;

/// <summary>The object this host adds to rtnetlink: an address lent to somebody. Its types lie past RTM_MAX.</summary>
public static class LeaseType
{
    public const RtmType RTM_NEWLEASE = (RtmType)124;
    public const RtmType RTM_DELLEASE = (RtmType)125;
    public const RtmType RTM_GETLEASE = (RtmType)126;
    public const RtmType RTM_SETLEASE = (RtmType)127;
    public const ushort LEASE_ADDRESS = 1;
    public const ushort LEASE_OWNER = 2;
    public const ushort LEASE_SECONDS = 3;
    public const int LEASE_GROUP = 50;
}

/// <summary>The fixed header: just a family.</summary>
public readonly record struct LeaseHeader(ProtocolFamily Family, byte Pad1, byte Pad2, byte Pad3);

/// <summary>A lease on the wire.</summary>
[NetlinkMessage(LeaseType.RTM_NEWLEASE, Header = typeof(LeaseHeader))]
public readonly partial record struct LeaseMessage
{
    [NetlinkAttribute(LeaseType.LEASE_ADDRESS)]
    public InetAddress? Address { get; init; }

    [NetlinkAttribute(LeaseType.LEASE_OWNER)]
    public InterfaceName? Owner { get; init; }

    [NetlinkAttribute(LeaseType.LEASE_SECONDS, Min = 1, Max = 86_400)]
    public uint? Seconds { get; init; }
}
