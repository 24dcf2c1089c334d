using System.Runtime.InteropServices;

namespace SmallRtnl.Rules;

/// <summary><c>struct fib_rule_hdr</c>: the fixed header of rule messages, 12 bytes (linux/fib_rules.h).</summary>
/// <param name="Family">The family whose lookups the rule directs.</param>
/// <param name="DestinationLength">Bits.</param>
/// <param name="SourceLength">Bits.</param>
/// <param name="Tos">The type of service.</param>
/// <param name="Table">The table's id if it is below 256; FRA_TABLE says it in full.</param>
/// <param name="Reserved1">0.</param>
/// <param name="Reserved2">0.</param>
/// <param name="Action">FR_ACT_*.</param>
/// <param name="Flags">FIB_RULE_*.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FibRuleHeader(
    ProtocolFamily Family,
    byte DestinationLength,
    byte SourceLength,
    byte Tos,
    byte Table,
    byte Reserved1,
    byte Reserved2,
    byte Action,
    uint Flags);
