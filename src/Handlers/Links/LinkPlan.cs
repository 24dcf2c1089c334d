namespace SmallRtnl.Links;

/// <summary>What the resolve phase of a link request found.</summary>
public sealed class LinkPlan
{
    /// <summary>The namespace the link is to live in, or in which it is to be deleted.</summary>
    public required Net Target { get; init; }

    /// <summary>Where a new pair's other end is to live.</summary>
    public required Net PeerNet { get; init; }

    /// <summary>What is said of a new pair's other end; null: nothing.</summary>
    public LinkMessage? Peer { get; init; }

    /// <summary>The kind that is named; null where none is, or an unknown one.</summary>
    internal ILinkDriver? Driver { get; init; }
}
