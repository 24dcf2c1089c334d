using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// What the generated accessors of <see cref="GuardedByAttribute"/> properties ask. The owner is the one noted on the thread. Follows
/// <see cref="RtnlAssert.Policy"/>; Off, the JIT removes the calls. Thread-safe.
/// </summary>
/// <remarks>
/// Apart from <see cref="RtnlAssert"/>, whose members require what they assert: an accessor's own contract is its property's guard, which the
/// analyzer judges at the access.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class RtnlGuard
{
    /// <summary>The whole of RTNL.</summary>
    /// <exception cref="RtnlAssertionException">It is not held.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Whole()
    {
        if (RtnlAssert.Policy != RtnlAssertPolicy.Off)
            RtnlAssert.Held(RtnlContext.Current);
    }

    /// <summary>Some namespace's RTNL, which keeps RTNL from being held exclusively by others.</summary>
    /// <exception cref="RtnlAssertionException">None is held.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AnyNet()
    {
        if (RtnlAssert.Policy != RtnlAssertPolicy.Off)
            RtnlAssert.AnyNetHeld(RtnlContext.Current);
    }

    /// <summary>This namespace's RTNL.</summary>
    /// <exception cref="RtnlAssertionException">It is not held.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Net(Net net)
    {
        if (RtnlAssert.Policy != RtnlAssertPolicy.Off)
            RtnlAssert.NetHeld(net, RtnlContext.Current);
    }

    /// <summary>A lock of a user's own.</summary>
    /// <exception cref="RtnlAssertionException">It is not held.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Lock(LockClass wanted)
    {
        if (RtnlAssert.Policy != RtnlAssertPolicy.Off)
            RtnlAssert.Held(wanted, RtnlContext.Current);
    }
}
