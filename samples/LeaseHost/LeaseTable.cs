using System.Collections.Immutable;
using SmallRtnl;

namespace LeaseHost;

/// <summary>One lease.</summary>
public sealed record Lease(InetAddress Address, InterfaceName Owner, uint Seconds);

/// <summary>A namespace's leases; immutable.</summary>
public sealed record LeaseTable(ImmutableSortedDictionary<InetAddress, Lease> Leases)
{
    public static LeaseTable Empty { get; } = new(ImmutableSortedDictionary<InetAddress, Lease>.Empty);
}

/// <summary>Gives every namespace its lease table.</summary>
[PernetSubsystem]
public sealed class LeaseSubsystem : IPernetSubsystem
{
    public void Init(PernetInit init) => init.Add(LeaseTable.Empty);

    public void Exit(RtnlContext context, Net net) => context.Stage(net, LeaseTable.Empty);
}
