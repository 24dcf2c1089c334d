namespace SmallRtnl.NetIds;

/// <summary>What the resolve phase of a namespace-id request found.</summary>
/// <param name="Peer">The namespace that is meant.</param>
/// <param name="Attribute">The attribute that named it.</param>
public sealed record NetIdPlan(Net Peer, int Attribute);
