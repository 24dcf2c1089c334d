namespace SmallRtnl.Links;

/// <summary>What the resolve phase of a link request found.</summary>
public sealed class LinkPlan
{
    // Apart: the message is large, and few requests have it.
    private readonly object? _peer;

    /// <summary>The namespace the link is to live in, or in which it is to be deleted.</summary>
    public required Net Target { get; init; }

    /// <summary>Where a new pair's other end is to live.</summary>
    public required Net PeerNet { get; init; }

    /// <summary>What is said of a new pair's other end; null: nothing.</summary>
    public LinkMessage? Peer
    {
        get => _peer is LinkMessage message ? message : null;
        init => _peer = value;
    }

    /// <summary>The kind that is named; null where none is, or an unknown one.</summary>
    internal ILinkDriver? Driver { get; init; }
}
