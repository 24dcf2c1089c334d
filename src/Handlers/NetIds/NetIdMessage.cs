using static SmallRtnl.NetIds.NetIdAttributeType;

namespace SmallRtnl.NetIds;

/// <summary>RTM_NEWNSID, DELNSID and GETNSID: the id under which a namespace knows another.</summary>
[NetlinkMessage(RtmType.RTM_NEWNSID, Header = typeof(RtGenMsg))]
public readonly partial record struct NetIdMessage
{
    /// <summary>The id; -1 in a reply for a namespace that has none.</summary>
    [NetlinkAttribute(NETNSA_NSID)] public int? NetnsId { get; init; }

    /// <summary>A namespace by the process that is in it.</summary>
    [NetlinkAttribute(NETNSA_PID)] public uint? Pid { get; init; }

    /// <summary>A namespace by the sender's open file.</summary>
    [NetlinkAttribute(NETNSA_FD)] public uint? File { get; init; }

    /// <summary>Whose ids are asked for, by the id of that namespace here.</summary>
    [NetlinkAttribute(NETNSA_TARGET_NSID)] public int? TargetNetnsId { get; init; }

    /// <summary>In replies to a request with a target: the id here.</summary>
    [NetlinkAttribute(NETNSA_CURRENT_NSID)] public int? CurrentNetnsId { get; init; }
}
