using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>What a broken assertion does.</summary>
public enum RtnlAssertPolicy
{
    /// <summary>Throws <see cref="RtnlAssertionException"/>.</summary>
    Throw = 0,

    /// <summary>Tells the host's logger, or the standard error where no host runs, and goes on.</summary>
    Log = 1,

    /// <summary>Nothing is checked; the JIT removes the calls.</summary>
    Off = 2,
}

/// <summary>
/// Lock assertions. They ask "do I hold it", never "does anyone": the owner is the request, found through an argument or through the
/// note that the generated thunk leaves for the thread (ASSERT_RTNL_NET and its kin ask the weaker question).
/// </summary>
public static class RtnlAssert
{
    /// <summary>The process-wide policy, read once: AppContext switch data or environment <c>SMALLRTNL_ASSERT</c> = throw, log, off.</summary>
    public static readonly RtnlAssertPolicy Policy = ReadPolicy();

    /// <summary>The whole of RTNL is held by this request.</summary>
    [RequiresLock(RtnlLock.Rtnl)]
    public static void Held() => Held(RtnlContext.Current);

    /// <summary>The whole of RTNL is held by <paramref name="context"/>.</summary>
    [RequiresLock(RtnlLock.Rtnl)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Held(RtnlContext? context)
    {
        if (Policy != RtnlAssertPolicy.Off && (context is null || context.HeldWord != HeldLock.Rtnl))
            Fail("RTNL", context);
    }

    /// <summary>A lock of a user's own is held by this request.</summary>
    [RequiresLock(typeof(LockClass))]
    public static void Held(LockClass wanted) => Held(wanted, RtnlContext.Current);

    /// <summary>A lock of a user's own is held by <paramref name="context"/>.</summary>
    [RequiresLock(typeof(LockClass))]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Held(LockClass wanted, RtnlContext? context)
    {
        if (Policy != RtnlAssertPolicy.Off && (context is null || !wanted.IsHeldBy(context)))
            Fail(wanted, context);
    }

    /// <summary>The namespace's RTNL is held by this request; RTNL as a whole counts as every namespace's.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public static void NetHeld(Net net) => NetHeld(net, RtnlContext.Current);

    /// <summary>The namespace's RTNL is held by <paramref name="context"/>.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void NetHeld(Net net, RtnlContext? context)
    {
        if (Policy != RtnlAssertPolicy.Off && (context is null || !context.Holds(net)))
            FailNet(net, context);
    }

    /// <summary>The RTNL of some namespace is held by this request: for state that does not say whose it is. RTNL as a whole counts as well.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public static void AnyNetHeld() => AnyNetHeld(RtnlContext.Current);

    /// <summary>The RTNL of some namespace is held by <paramref name="context"/>; RTNL as a whole counts as well.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AnyNetHeld(RtnlContext? context)
    {
        if (Policy != RtnlAssertPolicy.Off && context is not { IsLocked: true })
            FailAnyNet(context);
    }

    /// <summary>A lock of a class of users' own is held by this request, whichever of them.</summary>
    /// <remarks>Who holds which is known to lockdep alone: while that is off, nothing is checked.</remarks>
    /// <typeparam name="TLock">The lock class.</typeparam>
    public static void Held<TLock>()
        where TLock : LockClass => Held<TLock>(RtnlContext.Current);

    /// <summary>A lock of a class of users' own is held by <paramref name="context"/>, whichever of them.</summary>
    /// <inheritdoc cref="Held{TLock}()"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Held<TLock>(RtnlContext? context)
        where TLock : LockClass
    {
        if (Policy != RtnlAssertPolicy.Off && Lockdep.IsEnabled && context?.HeldLocks?.HasUserLock<TLock>() != true)
            FailClass(typeof(TLock), context);
    }

    /// <summary>This request reads a snapshot, or holds the namespace's RTNL.</summary>
    public static void ReaderOrHeld(Net net) => ReaderOrHeld(net, RtnlContext.Current);

    /// <summary><paramref name="context"/> reads a snapshot, or holds the namespace's RTNL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReaderOrHeld(Net net, RtnlContext? context)
    {
        if (Policy != RtnlAssertPolicy.Off && (context is null || (context.HeldWord != HeldLock.Snapshot && !context.Holds(net))))
            FailReader(net, context);
    }

    // What the inlined checks call takes no more than they have at hand: the words are put together here.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailNet(Net net, RtnlContext? context) => Fail($"the RTNL of namespace {net}", context);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailAnyNet(RtnlContext? context) => Fail("the RTNL of a namespace", context);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailClass(Type wanted, RtnlContext? context) => Fail($"a {wanted.Name}", context);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailReader(Net net, RtnlContext? context) => Fail($"a snapshot, or the RTNL of namespace {net}", context);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(LockClass wanted, RtnlContext? context) => Fail($"{wanted}", context);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(string wanted, RtnlContext? context)
    {
        string message = $"{wanted} must be held here; {(context is null ? "no request runs on this thread" : context.DescribeHeld())}.";
        if (context is null)
            message += $" (Ordinary code whose lock is held across awaits says so: using (context.{nameof(RtnlContext.OnThisThread)}()).)";
        if (Policy == RtnlAssertPolicy.Throw)
            throw new RtnlAssertionException(message);
        RtnlReports.Say(message);
    }

    private static RtnlAssertPolicy ReadPolicy()
    {
        string? text = AppContext.GetData("SmallRtnl.Assert") as string ?? Environment.GetEnvironmentVariable("SMALLRTNL_ASSERT");
        return Enum.TryParse(text, ignoreCase: true, out RtnlAssertPolicy policy) ? policy : RtnlAssertPolicy.Throw;
    }
}
