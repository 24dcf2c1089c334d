namespace SmallRtnl.Bench;

/// <summary>How long everything is measured.</summary>
internal sealed record LockPlan
{
    /// <summary>For figures that are published.</summary>
    public static LockPlan Full { get; } = new();

    /// <summary>To see whether everything runs; the figures mean little.</summary>
    public static LockPlan Quick { get; } = new()
    {
        FreeWarmups = 2,
        FreeIterations = 3,
        FreeIterationTime = TimeSpan.FromMilliseconds(50),
        Repetitions = 1,
        WarmUp = TimeSpan.FromMilliseconds(200),
        Window = TimeSpan.FromMilliseconds(400),
        WaitWindow = TimeSpan.FromSeconds(2),
    };

    /// <summary>BenchmarkDotNet's warm-up iterations of the free rows.</summary>
    public int FreeWarmups { get; init; } = 6;

    /// <summary>BenchmarkDotNet's iterations of the free rows.</summary>
    public int FreeIterations { get; init; } = 15;

    /// <summary>The length of each of them.</summary>
    public TimeSpan FreeIterationTime { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often both sides of a rate are measured, in turn; the medians count.</summary>
    public int Repetitions { get; init; } = 5;

    /// <summary>How long workers run before they are counted.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How long they are counted.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long waits are collected.</summary>
    public TimeSpan WaitWindow { get; init; } = TimeSpan.FromSeconds(12);
}
