namespace SmallRtnl.Engine.Tests;

/// <summary>Switches tasks at random, the same way again for the same seed.</summary>
internal sealed class RandomSchedule(int seed) : ISchedule
{
    private readonly Random _random = new(seed);

    // Some schedules switch at nearly every point, others hardly ever: bugs hide in both.
    private readonly double _switching = new Random(seed).NextDouble();

    public int Choose(int current, ReadOnlySpan<int> runnable) =>
        current >= 0 && runnable.Contains(current) && _random.NextDouble() > _switching ? current : runnable[_random.Next(runnable.Length)];
}
