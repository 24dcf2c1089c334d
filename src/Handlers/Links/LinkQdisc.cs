namespace SmallRtnl.Links;

/// <summary>A root queueing discipline, by name: links here queue nothing, but say what the kernel's would say.</summary>
public sealed class LinkQdisc
{
    private LinkQdisc(string name)
    {
        Name = name;
        WireName = new NetlinkString(name);
    }

    /// <summary>Of a link that was never up, and of one that is leaving.</summary>
    public static LinkQdisc Noop { get; } = new("noop");

    /// <summary>Of virtual links without a queue.</summary>
    public static LinkQdisc Noqueue { get; } = new("noqueue");

    /// <summary>Of links with a queue.</summary>
    public static LinkQdisc PfifoFast { get; } = new("pfifo_fast");

    /// <summary>IFLA_QDISC.</summary>
    public string Name { get; }

    /// <summary>IFLA_QDISC, encoded.</summary>
    internal NetlinkString WireName { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
