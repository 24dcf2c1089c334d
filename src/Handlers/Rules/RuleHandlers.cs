using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Rules;

/// <summary>Lists policy-routing rules (net/core/fib_rules.c). Adding and deleting is not served yet.</summary>
internal static class RuleHandlers
{
    /// <summary>Lists a family's rules, or everybody's (<c>fib_nl_dumprule</c>).</summary>
    [DumpIt(RTM_GETRULE, Lock = Unlocked)]
    public static IEnumerable<RuleMessage> Dump(DumpItRequest<RuleMessage> request)
    {
        ProtocolFamily family = request.Message.Header.Family;
        if (family != ProtocolFamily.PF_UNSPEC && !DefaultRules.Has(family))
        {
            request.Fail(Errno.EAFNOSUPPORT);
            yield break;
        }
        foreach (RuleMessage rule in DefaultRules.All)
        {
            if (family == ProtocolFamily.PF_UNSPEC || rule.Header.Family == family)
                yield return rule;
        }
    }
}
