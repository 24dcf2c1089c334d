using System.Diagnostics;
using System.Globalization;

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
        var scheduler = new Scheduler(core);
        long steps = 0;
        for (int i = 0; i < schedules; i++)
        {
            Strategy strategy = StrategyOf(s_seed + (ulong)i, i);
            if (scheduler.Run(program, strategy) is { } failure)
                return new Exploration(i + 1, steps, watch.Elapsed, Report(program, failure, $"seed {s_seed}, schedule {i}", scheduler.Schedule));
            steps += scheduler.Steps;
        }
        return new Exploration(schedules, steps, watch.Elapsed, null);
    });

    /// <summary>Explores every schedule with at most so many pre-emptions.</summary>
    /// <param name="limit">Where to stop although more are left; <see cref="Exploration.IsComplete"/> says so.</param>
    public static Exploration Exhaust(Action<Scheduler> program, int preemptions, int limit = int.MaxValue) => OnOneCore(core =>
    {
        var watch = Stopwatch.StartNew();
        var scheduler = new Scheduler(core);
        var strategy = new ExhaustiveStrategy(preemptions);
        long steps = 0;
        int schedules = 0;
        while (strategy.Begin())
        {
            if (schedules == limit)
                return new Exploration(schedules, steps, watch.Elapsed, null) { IsComplete = false };
            schedules++;
            if (scheduler.Run(program, strategy) is { } failure)
                return new Exploration(schedules, steps, watch.Elapsed, Report(program, failure, $"at most {preemptions} pre-emptions", scheduler.Schedule));
            steps += scheduler.Steps;
        }
        return new Exploration(schedules, steps, watch.Elapsed, null);
    });

    /// <summary>Runs one recorded schedule.</summary>
    /// <returns>What went wrong, with the steps that led there; null where nothing did.</returns>
    public static Failure? Replay(Action<Scheduler> program, string schedule)
    {
        var scheduler = new Scheduler(Core.Next());
        string? message = scheduler.Run(program, new ReplayStrategy(schedule), trace: true);
        return message is null ? null : new Failure(message, "replay", schedule, scheduler.Trace);
    }

    /// <summary>A thread of its own, so that no test's thread stays on a core.</summary>
    private static Exploration OnOneCore(Func<int, Exploration> explore)
    {
        int core = Core.Next();
        Exploration? exploration = null;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            Core.Pin(core);
            try
            {
                exploration = explore(core);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return exploration ?? throw new InvalidOperationException("The exploration itself failed.", failure);
    }

    private static Strategy StrategyOf(ulong seed, int schedule) => (schedule % 4) switch
    {
        0 => new RandomStrategy(seed),
        1 => new RandomStrategy(seed, sticky: true),
        2 => new PriorityStrategy(seed, depth: 2),
        _ => new PriorityStrategy(seed, depth: 4),
    };

    private static Failure Report(Action<Scheduler> program, string message, string origin, string schedule) =>
        new(message, origin, schedule, Replay(program, schedule)?.Trace ?? ["The replay did not fail."]);
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
/// <param name="Origin">Which exploration met it.</param>
/// <param name="Schedule">For <see cref="Explorer.Replay"/>, or <c>ENGINE_REPLAY</c> with the test's name as filter.</param>
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
