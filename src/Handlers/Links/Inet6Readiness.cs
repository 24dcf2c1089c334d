namespace SmallRtnl.Links;

/// <summary>Keeps IFLA_INET6_FLAGS and its time stamp (<c>addrconf_notify</c>): ready once operational, until the link goes down.</summary>
internal static class Inet6Readiness
{
    public static Link Update(Link before, Link after)
    {
        uint flags = after.Inet6Flags;
        if (!after.IsUp)
            flags = 0;
        else if (IsReady(after) && !IsReady(before))
            flags = after.IsLoopback ? LinkFlagSets.Inet6Ready : LinkFlagSets.Inet6Ready | LinkFlagSets.Inet6SolicitationSent;
        return flags == after.Inet6Flags ? after : after with { Inet6Flags = flags, Inet6Timestamp = Now() };
    }

    /// <summary><c>addrconf_link_ready</c>: without a carrier nothing is sent, whatever the operational state says.</summary>
    private static bool IsReady(Link link) => link.IsUp && link.IsRunning && link.HasCarrier;

    /// <summary>Hundredths of a second since boot.</summary>
    public static uint Now() => (uint)(Environment.TickCount64 / 10);
}
