using System.Diagnostics;
using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace SmallRtnl.Coyote.Tests;

/// <summary>
/// Runs programs under Coyote's scheduler, which runs one task at a time and decides which at each step: atomic and volatile accesses, monitors,
/// tasks, awaits. Plain reads and writes are no steps, and what a weak memory order would allow is not explored.
/// </summary>
internal static class Systematic
{
    private const uint Seed = 20_251;

    /// <summary>Longer than any program needs by two orders: one that gets there goes round in circles.</summary>
    private const uint MaxSteps = 20_000;

    /// <summary>In ms. A deadlock of what Coyote controls is seen at once; this one is for the rest, and must not mistake a busy machine for it.</summary>
    private const uint HangTimeout = 30_000;

    /// <summary>Each takes its share of the schedules.</summary>
    private static readonly Func<Configuration, Configuration>[] s_strategies =
    [
        static configuration => configuration.WithRandomStrategy(),
        static configuration => configuration.WithProbabilisticStrategy(2),
        static configuration => configuration.WithPrioritizationStrategy(isFair: true, priorityChangeBound: 10),
        static configuration => configuration.WithPrioritizationStrategy(isFair: false, priorityChangeBound: 3),
    ];

    /// <summary>The same schedules each time, until one fails.</summary>
    public static Exploration Explore(Func<Task> program, int schedules)
    {
        var clock = Stopwatch.StartNew();
        int explored = 0;
        foreach (Func<Configuration, Configuration> strategy in s_strategies)
        {
            int share = (schedules + s_strategies.Length - 1) / s_strategies.Length;
            Exploration part = Run(program, strategy(Configure().WithTestingIterations((uint)share)));
            explored += part.Schedules;
            if (part.Failure is not null)
                return part with { Schedules = explored, Elapsed = clock.Elapsed };
        }
        return new Exploration(explored, clock.Elapsed);
    }

    /// <summary>One schedule again, from the trace that an exploration ended with.</summary>
    public static Exploration Replay(Func<Task> program, string trace) => Run(program, Configure().WithReproducibleTrace(trace));

    private static Configuration Configure() => Configuration.Create()
        .WithRandomGeneratorSeed(Seed)
        .WithMaxSchedulingSteps(MaxSteps)
        .WithFailureOnMaxStepsBoundEnabled()
        .WithDeadlockTimeout(HangTimeout)
        .WithPartiallyControlledConcurrencyAllowed(false)
        .WithPartiallyControlledDataNondeterminismAllowed(false)
        .WithSystematicFuzzingFallbackEnabled(false)
        .WithAtomicOperationRaceCheckingEnabled()
        .WithVolatileOperationRaceCheckingEnabled()
        .WithLockAccessRaceCheckingEnabled()
        .WithVerbosityEnabled(VerbosityLevel.None)
        .WithConsoleLoggingEnabled(false)
        .WithTelemetryEnabled(false);

    private static Exploration Run(Func<Task> program, Configuration configuration)
    {
        var clock = Stopwatch.StartNew();
        using var engine = TestingEngine.Create(configuration, program);
        engine.Run();
        TestReport report = engine.TestReport;
        string? failure = report.NumOfFoundBugs > 0 ? string.Join('\n', report.BugReports)
            : report.UncontrolledInvocations.Count > 0 ? $"Not controlled: {string.Join(", ", report.UncontrolledInvocations)}."
            : report.InternalErrors.Count > 0 ? string.Join('\n', report.InternalErrors)
            : null;
        return new Exploration(report.NumOfExploredFairPaths + report.NumOfExploredUnfairPaths, clock.Elapsed, failure, failure is null ? null : engine.ReproducibleTrace);
    }
}

/// <summary>What became of it.</summary>
/// <param name="Schedules">How many were explored.</param>
/// <param name="Elapsed">The time they took.</param>
/// <param name="Failure">The report of the one that failed; null for none.</param>
/// <param name="Trace">The schedule that failed, for <see cref="Systematic.Replay"/>.</param>
internal sealed record Exploration(int Schedules, TimeSpan Elapsed, string? Failure = null, string? Trace = null)
{
    public override string ToString() => $"{Schedules} schedules in {Elapsed.TotalSeconds:F1} s{(Failure is null ? "" : $"; the last one failed: {Failure}")}";
}
