using static SmallRtnl.Addresses.AddressAttributeType;

namespace SmallRtnl.Addresses;

/// <summary>What a GETADDR may say (<c>inet_valid_dump_ifaddr_req</c>, <c>inet6_valid_dump_ifaddr_req</c>, <c>inet6_rtm_valid_getaddr_req</c>).</summary>
public readonly partial record struct AddressMessage
{
    private static readonly IfAddrMsg s_index = new() { Index = uint.MaxValue };
    private static readonly GetRules s_dumpInet = Dump("ipv4") with { JudgedAs = ProtocolFamily.AF_INET };
    private static readonly GetRules s_dumpInet6 = Dump("ipv6") with { Unjudged = [IFA_LABEL, IFA_BROADCAST] };

    private static readonly GetRules s_get = new()
    {
        ShortHeader = "ipv6: Invalid header for get address request",
        Header = [HeaderCheck.Only(in s_index, "ipv6: Invalid values in header for get address request")],
        Attributes = [IFA_TARGET_NETNSID, IFA_ADDRESS, IFA_LOCAL],
        UnsupportedAttribute = "ipv6: Unsupported attribute in get address request",
        Unjudged = [IFA_LABEL, IFA_BROADCAST],
    };

    /// <inheritdoc/>
    static GetRules? INetlinkMessage<AddressMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => RulesOf(family, isDump);

    /// <summary>The same for both shapes of the message.</summary>
    internal static GetRules RulesOf(ProtocolFamily family, bool isDump) => !isDump ? s_get : family == ProtocolFamily.AF_INET6 ? s_dumpInet6 : s_dumpInet;

    private static GetRules Dump(string family) => new()
    {
        ShortHeader = $"{family}: Invalid header for address dump request",
        Header = [HeaderCheck.Only(in s_index, $"{family}: Invalid values in header for address dump request")],
        Attributes = [IFA_TARGET_NETNSID],
        UnsupportedAttribute = $"{family}: Unsupported attribute in dump request",
        LenientDump = LenientDump.Ignored,
    };
}
