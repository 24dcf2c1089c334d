using System.Diagnostics;

namespace SmallRtnl.Bench;

/// <summary>
/// A fixed amount of computing. Not a loop until a time is reached: that would count as work the time in which the thread was not running.
/// </summary>
internal sealed class CpuWork(int rounds)
{
    private const int Trials = 2000;
    private const int TrialRounds = 10_000;

    /// <summary>The amount that takes so long on this machine, undisturbed.</summary>
    public static CpuWork Of(TimeSpan length)
    {
        var trial = new CpuWork(TrialRounds);
        TimeSpan shortest = TimeSpan.MaxValue;
        for (int i = 0; i < Trials; i++)
        {
            long began = Stopwatch.GetTimestamp();
            trial.Do();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
            shortest = elapsed < shortest ? elapsed : shortest;
        }
        return new CpuWork((int)(TrialRounds * (length / shortest)));
    }

    public void Do()
    {
        ulong state = (ulong)rounds | 1;
        for (int i = 0; i < rounds; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }
        if (state == 0)
            throw new InvalidOperationException("A xorshift never comes to 0.");
    }
}
