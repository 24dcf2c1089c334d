using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>What a report of lockdep does.</summary>
public enum LockdepPolicy
{
    /// <summary>Throws <see cref="LockdepException"/> before the lock is waited for.</summary>
    Throw = 0,

    /// <summary>Tells the host's logger, or the standard error where no host runs, and goes on.</summary>
    Log = 1,
}

/// <summary>
/// The run-time checker of lock order. It learns in which order classes of locks are taken, by any owner at any time, and reports the
/// first acquisition that could deadlock with one seen before, though nothing hung.
/// </summary>
/// <remarks>
/// Thread-safe. An acquisition in a chain seen before costs a walk down a tree and allocates nothing. An attempt (<c>TryLock</c>) cannot
/// deadlock, so it adds no order towards its lock, but what is taken under it is ordered behind it. What the request noted on this thread
/// holds counts for another owner that locks on this thread: it is the same flow of control.
/// </remarks>
public static class Lockdep
{
    /// <summary>How many locks an owner may hold; reported when met, and checking goes on.</summary>
    public const int MaxDepth = 48;

    private static readonly string s_setting = AppContext.GetData("SmallRtnl.Lockdep") as string ?? Environment.GetEnvironmentVariable("SMALLRTNL_LOCKDEP") ?? Default;

    /// <summary>
    /// The process-wide switch, read once: AppContext data <c>SmallRtnl.Lockdep</c> or environment <c>SMALLRTNL_LOCKDEP</c> = on, log, off. Off
    /// the JIT removes the hooks. On by default in debug builds of the framework.
    /// </summary>
    public static readonly bool IsEnabled = !s_setting.Equals("off", StringComparison.OrdinalIgnoreCase);

#if DEBUG
    private const string Default = "on";
#else
    private const string Default = "off";
#endif

    /// <summary>Raised with the first report of each kind and pair of classes, under either policy, on the offender's thread.</summary>
    public static event Action<LockdepReport>? Reported;

    internal static LockdepPolicy Policy { get; set; } =
        s_setting.Equals("log", StringComparison.OrdinalIgnoreCase) ? LockdepPolicy.Log : LockdepPolicy.Throw;

    /// <summary>Forgets every order learned, and every report made.</summary>
    internal static void Reset() => LockdepGraph.Current = new LockdepGraph();

    /// <summary>One net in mode PerNet: the net, then the gate.</summary>
    internal static void AcquiringNet(RtnlContext context, Net net)
    {
        LockdepOwner owner = context.HeldLocks!;
        LockdepCall call = owner.TakeNextCall();
        try
        {
            owner.Acquire(LockdepClass.OfNet(net), net, LockdepUse.Word, in call);
            owner.Acquire(LockdepClass.OfRtnl(RtnlMode.PerNet), net.Gate, LockdepUse.Word | LockdepUse.Shared, in call);
        }
        catch
        {
            owner.RemoveWord();
            throw;
        }
    }

    /// <summary>What a lock word takes, in the order in which the mode takes it; without nets, the whole of RTNL.</summary>
    internal static void AcquiringWord(RtnlContext context, RtnlGate gate, in NetLockSet nets, bool isTry)
    {
        LockdepOwner owner = context.HeldLocks!;
        LockdepUse use = isTry ? LockdepUse.Word | LockdepUse.Try : LockdepUse.Word;
        LockdepCall call = owner.TakeNextCall();
        try
        {
            if (nets.Count == 0 || gate.Mode != RtnlMode.PerNet)
                owner.Acquire(LockdepClass.OfRtnl(gate.Mode), gate, use, in call);
            if (gate.Mode == RtnlMode.BigLock)
                return;
            for (int i = 0; i < nets.Count; i++)
                owner.Acquire(LockdepClass.OfNet(nets[i]), nets[i], use, in call);
            if (nets.Count > 0 && gate.Mode == RtnlMode.PerNet)
                owner.Acquire(LockdepClass.OfRtnl(gate.Mode), gate, use | LockdepUse.Shared, in call);
        }
        catch
        {
            owner.RemoveWord();
            throw;
        }
    }

    /// <summary>The word was not granted after all.</summary>
    internal static void NotGranted(RtnlContext context) => context.HeldLocks!.RemoveWord();

    /// <summary>The word has been released. A request must hold nothing else by then: its handler has returned.</summary>
    internal static void ReleasedWord(RtnlContext context)
    {
        LockdepOwner owner = context.HeldLocks!;
        owner.RemoveWord();
        if (context is RequestContext)
            owner.CheckForgotten();
    }

    internal static void EnteringRegistry(RtnlContext context, RtnlGate gate) =>
        context.HeldLocks!.Acquire(LockdepClass.OfRtnl(gate.Mode), gate, LockdepUse.Shared, default);

    internal static void LeftRegistry(RtnlContext context, RtnlGate gate) => context.HeldLocks!.Remove(gate);

    internal static void Acquiring(RtnlContext context, LockClass wanted, bool isTry, in LockdepCall call) =>
        context.HeldLocks!.Acquire(wanted.Class!, wanted, isTry ? LockdepUse.Try | LockdepUse.User : LockdepUse.User, in call);

    internal static void Released(RtnlContext context, LockClass released) => context.HeldLocks!.Remove(released);

    internal static void Waiting(RtnlContext? context, LockdepWait wait, object? instance, in LockdepCall call) =>
        context?.HeldLocks!.Wait(wait.Class, instance ?? wait, in call);

    /// <summary>The owner ends. What it still holds of users' own locks is released, and reported.</summary>
    internal static void Disposing(RtnlContext context) => context.HeldLocks!.CheckForgotten();

    /// <summary>The report that belongs to an acquisition which the engine refuses by itself.</summary>
    internal static LockdepException ExplainRefusal(RtnlContext context, RtnlGate gate, in NetLockSet nets)
    {
        LockdepOwner owner = context.HeldLocks!;
        LockdepCall call = owner.TakeNextCall();
        LockdepReport? report = null;
        if (nets.Count == 0 || gate.Mode == RtnlMode.BigLock)
            report = owner.Explain(LockdepClass.OfRtnl(gate.Mode), gate, in call);
        for (int i = 0; report is null && i < nets.Count; i++)
            report = owner.Explain(LockdepClass.OfNet(nets[i]), nets[i], in call);
        return Explained(report ?? (nets.Count == 0
            ? owner.ExplainNested(LockdepClass.OfRtnl(gate.Mode), gate, in call)
            : owner.ExplainNested(LockdepClass.OfNet(nets[0]), nets[0], in call)));
    }

    /// <summary>The report that belongs to a wait which the engine refuses by itself.</summary>
    internal static LockdepException ExplainRefusal(RtnlContext context, LockdepWait wait, object instance, in LockdepCall call = default) =>
        Explained(context.HeldLocks!.Explain(wait.Class, instance, in call) ?? context.HeldLocks!.ExplainNested(wait.Class, instance, in call));

    /// <summary>The report that belongs to an owner which is disposed with its word held.</summary>
    internal static LockdepException ExplainLeak(RtnlContext context) => Explained(context.HeldLocks!.ExplainLeak());

    /// <summary>Hands a report on; under <see cref="LockdepPolicy.Throw"/> it comes back as an exception.</summary>
    internal static void Deliver(LockdepReport? report)
    {
        if (report is null)
            return;
        if (report.IsFirst)
            Publish(report);
        if (Policy == LockdepPolicy.Throw)
            throw new LockdepException(report);
    }

    /// <summary>Hands a report on that comes too late to be thrown.</summary>
    internal static void Announce(LockdepReport? report)
    {
        if (report is { IsFirst: true })
            Publish(report);
    }

    private static LockdepException Explained(LockdepReport report)
    {
        if (report.IsFirst)
            Publish(report);
        return new LockdepException(report);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Publish(LockdepReport report)
    {
        if (Policy == LockdepPolicy.Log)
            RtnlReports.Say(report.Text);
        Reported?.Invoke(report);
    }
}
