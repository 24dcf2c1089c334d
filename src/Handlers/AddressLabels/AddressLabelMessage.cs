using System.Runtime.InteropServices;

namespace SmallRtnl.AddressLabels;

/// <summary><c>struct ifaddrlblmsg</c>: the fixed header of label messages, 12 bytes (linux/if_addrlabel.h).</summary>
/// <param name="Family">AF_INET6.</param>
/// <param name="Reserved">0.</param>
/// <param name="PrefixLength">Bits.</param>
/// <param name="Flags">0.</param>
/// <param name="Index">The interface to which the label is bound; 0 for every one.</param>
/// <param name="Sequence">How often the table has changed, each of its first entries counted.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AddressLabelHeader(ProtocolFamily Family, byte Reserved, byte PrefixLength, byte Flags, uint Index, uint Sequence);

/// <summary>RTM_NEWADDRLABEL and its kin (<c>ip6addrlbl_fill</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWADDRLABEL, Header = typeof(AddressLabelHeader))]
internal readonly partial record struct AddressLabelMessage
{
    private const ushort IFAL_ADDRESS = 1;
    private const ushort IFAL_LABEL = 2;

    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "ipv6: Invalid header for address label dump request",
        Header = [HeaderCheck.Only(default(AddressLabelHeader), "ipv6: Invalid values in header for address label dump request")],
        DataBehindHeader = "ipv6: Invalid data after header for address label dump request",
        LenientDump = LenientDump.Ignored,
    };

    [NetlinkAttribute(IFAL_ADDRESS)] public InetAddress? Address { get; init; }
    [NetlinkAttribute(IFAL_LABEL)] public uint? Label { get; init; }

    static GetRules? INetlinkMessage<AddressLabelMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
