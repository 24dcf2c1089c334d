namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>What noticed that a lock-bearing line is gone.</summary>
internal enum MutantOutcome
{
    /// <summary>A rule of ours, as an error or a warning.</summary>
    Reported = 0,

    /// <summary>It does not compile.</summary>
    CompileError = 1,

    /// <summary>A handler's verdict or weakest word is another.</summary>
    Verdict = 2,

    /// <summary>The behaviour suite, under assertions and the checker of lock order.</summary>
    RunTime = 3,

    /// <summary>An annotation is gone, and its method still may not be called without the lock: what it does says so.</summary>
    StillRequired = 4,

    /// <summary>Nothing.</summary>
    Survived = 5,
}

/// <summary>What became of one mutant.</summary>
/// <param name="Key">Which.</param>
/// <param name="Kind">What bore the lock.</param>
/// <param name="Outcome">What noticed.</param>
/// <param name="By">Ids, or what failed at run time; empty where nothing did.</param>
internal sealed record MutantResult(string Key, string Kind, MutantOutcome Outcome, string By)
{
    /// <summary>Whether something noticed.</summary>
    public bool IsCaught => Outcome < MutantOutcome.StillRequired;
}
