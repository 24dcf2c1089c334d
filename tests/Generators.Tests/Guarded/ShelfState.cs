using SmallRtnl;
using static SmallRtnl.RtnlLock;

namespace Guarded;

/// <summary>State that asserts: what a user writes of it, and what the tests of half-typed and of clean code read.</summary>
/// <param name="net">Whose it is.</param>
public sealed partial class Shelf(Net net)
{
    private readonly Net _net = net;

    /// <summary>How many.</summary>
    [GuardedBy(PerNet)]
    public partial int Books { get; set; }

    /// <summary>The first.</summary>
    [GuardedBy(Rtnl)]
    public static partial string? First { get; private set; }
}
