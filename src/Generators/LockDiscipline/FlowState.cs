using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>What is known at a place of a body: the scopes' locks, the branch by IsLocked, the namespaces asked about with Holds.</summary>
internal readonly struct FlowState
{
    private FlowState(ImmutableArray<LocalHold> holds, Gate gate, bool isReachable, int monitors, ImmutableHashSet<ISymbol> heldNets)
    {
        Holds = holds;
        Gate = gate;
        IsReachable = isReachable;
        Monitors = monitors;
        HeldNets = heldNets;
    }

    public static FlowState Entry { get; } = new([], Gate.Any, true, 0, ImmutableHashSet.Create<ISymbol>(SymbolEqualityComparer.Default));

    public ImmutableArray<LocalHold> Holds { get; }

    public Gate Gate { get; }

    public bool IsReachable { get; }

    /// <summary>How many C# locks are held.</summary>
    public int Monitors { get; }

    public ImmutableHashSet<ISymbol> HeldNets { get; }

    /// <summary>Whether a second walk of a loop could find something that the first did not.</summary>
    public bool IsTrivial => Holds.IsEmpty && Gate == Gate.Any;

    public FlowState With(LocalHold hold) => new(Holds.Add(hold), Gate, IsReachable, Monitors, HeldNets);

    public FlowState With(Gate gate) => new(Holds, gate, IsReachable, Monitors, HeldNets);

    public FlowState WithNet(ISymbol net) => new(Holds, Gate, IsReachable, Monitors, HeldNets.Add(net));

    public FlowState WithMonitors(int monitors) => new(Holds, Gate, IsReachable, monitors, HeldNets);

    public FlowState Unreachable() => new(Holds, Gate, false, Monitors, HeldNets);

    public FlowState Reachable() => new(Holds, Gate.Any, true, Monitors, HeldNets.Clear());

    /// <summary>A lease has been disposed.</summary>
    public FlowState Without(ISymbol lease) =>
        Holds.IsEmpty ? this : new(Holds.RemoveAll(hold => SymbolEqualityComparer.Default.Equals(hold.Lease, lease)), Gate, IsReachable, Monitors, HeldNets);

    public FlowState WithHolds(ImmutableArray<LocalHold> holds) => new(holds, Gate, IsReachable, Monitors, HeldNets);

    public static FlowState Join(FlowState left, FlowState right)
    {
        if (!left.IsReachable)
            return right;
        if (!right.IsReachable)
            return left;
        ImmutableArray<LocalHold> holds = left.Holds;
        if (!left.Holds.Equals(right.Holds))
        {
            var both = ImmutableArray.CreateBuilder<LocalHold>();
            foreach (LocalHold hold in left.Holds)
                both.Add(Has(right.Holds, hold) ? hold : hold with { IsCertain = false });
            foreach (LocalHold hold in right.Holds)
            {
                if (!Has(left.Holds, hold))
                    both.Add(hold with { IsCertain = false });
            }
            holds = both.ToImmutable();
        }
        return new(holds, left.Gate == right.Gate ? left.Gate : Gate.Any, true, left.Monitors, left.HeldNets.Intersect(right.HeldNets));

        static bool Has(ImmutableArray<LocalHold> holds, LocalHold wanted) =>
            holds.Any(hold => hold.IsCertain && hold.Atom.Equals(wanted.Atom) && SymbolEqualityComparer.Default.Equals(hold.Lease, wanted.Lease) && SymbolEqualityComparer.Default.Equals(hold.Maker, wanted.Maker));
    }
}
