using System.Collections.Immutable;
using static SmallRtnl.ProtocolFamily;
using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.AddressLabels;

/// <summary>Labels by which IPv6 chooses among addresses (net/ipv6/addrlabel.c). Changing them is not served yet, so every namespace has the first ones.</summary>
internal static class AddressLabelHandlers
{
    /// <summary>RFC 3484 and what came after it, the longest prefix first (<c>ip6addrlbl_init_table</c>).</summary>
    private static readonly ImmutableArray<(string Prefix, byte Length, uint Label)> s_table =
    [
        ("::1", 128, 0),
        ("::", 96, 3),
        ("::ffff:0:0", 96, 4),
        ("2001::", 32, 6),
        ("2001:10::", 28, 7),
        ("3ffe::", 16, 12),
        ("2002::", 16, 2),
        ("fec0::", 10, 11),
        ("fc00::", 7, 5),
        ("::", 0, 1),
    ];

    private static readonly ImmutableArray<AddressLabelMessage> s_messages = [.. s_table.Select(entry => new AddressLabelMessage
    {
        Header = new AddressLabelHeader(AF_INET6, 0, entry.Length, 0, 0, (uint)s_table.Length),
        Address = InetAddress.FromBytes(System.Net.IPAddress.Parse(entry.Prefix).GetAddressBytes()),
        Label = entry.Label,
    })];

    /// <summary>Lists the labels (<c>ip6addrlbl_dump</c>).</summary>
    [DumpIt(RTM_GETADDRLABEL, Lock = Unlocked, Family = AF_INET6)]
    public static IEnumerable<AddressLabelMessage> Dump(DumpItRequest<AddressLabelMessage> request)
    {
        foreach (AddressLabelMessage message in s_messages)
            yield return message;
    }
}
