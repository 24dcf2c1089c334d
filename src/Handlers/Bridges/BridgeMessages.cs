using System.Runtime.InteropServices;

namespace SmallRtnl.Bridges;

/// <summary><c>struct br_port_msg</c>: the fixed header of group-database messages, 8 bytes (linux/if_bridge.h).</summary>
/// <param name="Family">AF_BRIDGE.</param>
/// <param name="Pad1">Anything.</param>
/// <param name="Pad2">Anything.</param>
/// <param name="Index">The bridge.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct BridgePortHeader(ProtocolFamily Family, byte Pad1, ushort Pad2, uint Index);

/// <summary>RTM_GETMDB's dump (<c>rtnl_mdb_valid_dump_req</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWMDB, Header = typeof(BridgePortHeader))]
internal readonly partial record struct GroupDatabaseMessage
{
    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "Invalid header for mdb dump request",
        Header =
        [
            HeaderCheck.Only(
                new BridgePortHeader { Pad1 = byte.MaxValue, Pad2 = ushort.MaxValue },
                "Filtering by device index is not supported for mdb dump request"),
        ],
        DataBehindHeader = "Invalid data after header in mdb dump request",
        LenientDump = LenientDump.Ignored,
    };

    static GetRules? INetlinkMessage<GroupDatabaseMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}

/// <summary><c>struct tunnel_msg</c>: the fixed header of tunnel-id messages, 8 bytes (linux/if_link.h).</summary>
/// <param name="Family">AF_BRIDGE.</param>
/// <param name="Flags">TUNNEL_MSG_FLAG_STATS.</param>
/// <param name="Reserved">Anything.</param>
/// <param name="Index">The device; 0 for every one.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TunnelHeader(ProtocolFamily Family, byte Flags, ushort Reserved, int Index);

/// <summary>RTM_GETTUNNEL's dump (<c>vxlan_vnifilter_dump</c>).</summary>
[NetlinkMessage(RtmType.RTM_NEWTUNNEL, Header = typeof(TunnelHeader))]
internal readonly partial record struct TunnelMessage
{
    private const byte Statistics = 1;

    private static readonly GetRules s_dump = new()
    {
        ShortHeader = "Invalid msg length",
        Header = [HeaderCheck.Only(new TunnelHeader(0, Statistics, ushort.MaxValue, -1), "Invalid tunnelmsg flags in ancillary header")],
        Strictness = GetStrictness.Always,
        IgnoresAttributes = true,
    };

    static bool INetlinkMessage<TunnelMessage>.ChecksEveryGet => true;

    static GetRules? INetlinkMessage<TunnelMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => s_dump;
}
