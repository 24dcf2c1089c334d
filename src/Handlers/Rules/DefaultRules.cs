using System.Collections.Immutable;
using static SmallRtnl.ProtocolFamily;

namespace SmallRtnl.Rules;

/// <summary>The rules that every namespace begins with: nobody changes them yet, so they are all there are. Immutable.</summary>
internal static class DefaultRules
{
    private const byte ToTable = 1;
    private const byte MadeByKernel = 2;
    private const uint Main = 254;
    private const uint Default = 253;
    private const uint Local = 255;
    private const uint LastButOne = 0x7ffe;
    private const uint Last = 0x7fff;

    /// <summary>Every rule, family by family in the order in which the kernel registers them.</summary>
    public static ImmutableArray<RuleMessage> All { get; } =
    [
        Rule(AF_INET, Local, null),
        Rule(AF_INET, Main, LastButOne),
        Rule(AF_INET, Default, Last),
        Rule(RTNL_FAMILY_IPMR, Default, Last),
        Rule(RTNL_FAMILY_IP6MR, Main, Last),
        Rule(AF_INET6, Local, null),
        Rule(AF_INET6, Main, LastButOne),
    ];

    /// <summary>Whether a family's lookups go by rules.</summary>
    public static bool Has(ProtocolFamily family)
    {
        foreach (RuleMessage rule in All)
        {
            if (rule.Header.Family == family)
                return true;
        }
        return false;
    }

    private static RuleMessage Rule(ProtocolFamily family, uint table, uint? priority) => new()
    {
        Header = new FibRuleHeader { Family = family, Table = (byte)table, Action = ToTable },
        Table = table,
        SuppressPrefixLength = uint.MaxValue,
        Protocol = MadeByKernel,
        Priority = priority,
    };
}
