using CsCheck;

namespace SmallRtnl.Handlers.Tests.Fuzz;

[Trait("Category", "Fuzz")]
public sealed class DatagramFuzzTests
{
    private static readonly RtmType[] s_changing =
    [
        RtmType.RTM_NEWLINK, RtmType.RTM_SETLINK, RtmType.RTM_DELLINK, RtmType.RTM_NEWADDR, RtmType.RTM_DELADDR, RtmType.RTM_NEWROUTE, RtmType.RTM_DELROUTE,
    ];

    [Fact]
    public void A_million_random_and_mutated_datagrams_throw_nothing_hold_nothing_and_leave_no_request_unanswered() => Fuzz(1_000_000);

    [Fact]
    [Trait("Category", "Long")]
    public void Twenty_million_datagrams_do_no_more() => Fuzz(20_000_000);

    /// <summary>CsCheck prints the seed of a failure, and CsCheck_Seed replays it.</summary>
    private static void Fuzz(long datagrams)
    {
        using var hosts = new ThreadLocal<FuzzHost>(() => new FuzzHost(), trackAllValues: true);
        DatagramGen.Datagram.Sample(datagram => hosts.Value!.Send(datagram), iter: datagrams, print: Convert.ToHexString);
        Assert.Equal(datagrams, hosts.Values.Sum(host => host.Sent));
        // Noise alone would prove little: every kind of request must have got through to its handler and succeeded.
        foreach (RtmType type in s_changing)
            Assert.True(hosts.Values.Sum(host => host.Successes(type)) > 100, $"{type} hardly ever succeeds, so the generators no longer reach its handler.");
        foreach (FuzzHost host in hosts.Values)
            host.Dispose();
    }
}
