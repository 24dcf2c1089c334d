using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;

namespace SmallRtnl.Engine.Tests.Exploration;

/// <summary>Runs a program under many schedules until one of them fails.</summary>
internal static class Explorer
{
    /// <summary>The first seed of a run: <c>ENGINE_SEED</c>, else always the same.</summary>
    private static readonly ulong s_seed = ulong.TryParse(Environment.GetEnvironmentVariable("ENGINE_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out ulong seed) ? seed : 20_250_101;

    /// <summary>Explores at random: uniformly, with few changes of task, and by priorities, in turn.</summary>
    public static Exploration Explore(Action<Scheduler> program, int schedules) => OnOneCore(core =>
    {
        var watch = Stopwatch.StartNew();
        using var scheduler = new Scheduler(core);
        long steps = 0;
        for (int i = 0; i < schedules; i++)
        {
            Strategy strategy = StrategyOf(s_seed, i);
            if (scheduler.Run(program, strategy) is { } failure)
                return new Exploration(i + 1, steps, watch.Elapsed, Report(program, failure, string.Create(CultureInfo.InvariantCulture, $"{s_seed}/{i}"), scheduler.Schedule, core));
            steps += scheduler.Steps;
        }
        return new Exploration(schedules, steps, watch.Elapsed, null);
    });

    /// <summary>Explores every schedule with at most so many pre-emptions.</summary>
    /// <param name="limit">Where to stop although more are left; <see cref="Exploration.IsComplete"/> says so.</param>
    public static Exploration Exhaust(Action<Scheduler> program, int preemptions, int limit = int.MaxValue) => OnOneCore(core =>
    {
        var watch = Stopwatch.StartNew();
        using var scheduler = new Scheduler(core);
        var strategy = new ExhaustiveStrategy(preemptions);
        long steps = 0;
        int schedules = 0;
        while (strategy.Begin())
        {
            if (schedules == limit)
                return new Exploration(schedules, steps, watch.Elapsed, null) { IsComplete = false };
            schedules++;
            if (scheduler.Run(program, strategy) is { } failure)
                return new Exploration(schedules, steps, watch.Elapsed, Report(program, failure, $"at most {preemptions} pre-emptions", scheduler.Schedule, core));
            steps += scheduler.Steps;
        }
        return new Exploration(schedules, steps, watch.Elapsed, null);
    });

    /// <summary>Runs one schedule again.</summary>
    /// <param name="program">What to run.</param>
    /// <param name="schedule">The schedule as recorded, or its seed and number.</param>
    /// <returns>What went wrong, with the steps that led there; null where nothing did.</returns>
    public static Failure? Replay(Action<Scheduler> program, string schedule) => OnOneCore(core => Replay(program, schedule, core));

    private static Failure? Replay(Action<Scheduler> program, string schedule, int core)
    {
        Strategy strategy = schedule.Split('/') is [{ } seed, { } number]
            ? StrategyOf(ulong.Parse(seed, CultureInfo.InvariantCulture), int.Parse(number, CultureInfo.InvariantCulture))
            : new ReplayStrategy(schedule);
        using var scheduler = new Scheduler(core);
        string? message = scheduler.Run(program, strategy, trace: true);
        return message is null ? null : new Failure(message, "replay", scheduler.Schedule, scheduler.Trace);
    }

    /// <summary>A thread of its own, so that no test's thread stays on a core.</summary>
    private static T OnOneCore<T>(Func<int, T> explore)
    {
        int core = Core.Rent();
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            Core.Pin(core);
            try
            {
                result = explore(core);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        Core.Return(core);
        failure?.Throw();
        return result;
    }

    private static Strategy StrategyOf(ulong seed, int schedule) => (schedule % 4) switch
    {
        0 => new RandomStrategy(seed + (ulong)schedule),
        1 => new RandomStrategy(seed + (ulong)schedule, sticky: true),
        2 => new PriorityStrategy(seed + (ulong)schedule, depth: 2),
        _ => new PriorityStrategy(seed + (ulong)schedule, depth: 4),
    };

    private static Failure Report(Action<Scheduler> program, string message, string origin, string schedule, int core) =>
        new(message, origin, schedule, Replay(program, schedule, core)?.Trace ?? ["The replay did not fail."]);
}

/// <summary>What an exploration did.</summary>
internal sealed record Exploration(int Schedules, long Steps, TimeSpan Elapsed, Failure? Failure)
{
    public bool IsComplete { get; init; } = true;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Schedules:N0} schedules, {Steps:N0} steps, {Elapsed.TotalSeconds:F1} s{(IsComplete ? "" : ", not complete")}{Failure}");
}

/// <summary>A schedule that fails.</summary>
/// <param name="Message">Which property, or how it got stuck.</param>
/// <param name="Origin">Its seed and number, or which exhaustive exploration met it.</param>
/// <param name="Schedule">For <see cref="Explorer.Replay"/>, or <c>ENGINE_REPLAY</c> with the test's name as filter; so is the seed and number.</param>
/// <param name="Trace">Each task's steps in the order in which they happened.</param>
internal sealed record Failure(string Message, string Origin, string Schedule, IReadOnlyList<string> Trace)
{
    private const int ShownSteps = 80;

    public override string ToString() => $"""

        {Message}
        {Origin}; the same again: ENGINE_REPLAY="{Schedule}"
          {string.Join("\n  ", Trace.TakeLast(ShownSteps))}
        """;
}
