using System.Diagnostics;

namespace SmallRtnl;

/// <summary>
/// How long one client may keep a thread: time, since messages differ. The clock is read at every fourth message only; a request that comes
/// alone, as most do, never reads it.
/// </summary>
internal struct WorkTurn
{
    /// <summary>A turn in ticks of <see cref="Stopwatch"/>: a hundred messages or so, and short beside what waking a client up costs.</summary>
    public static readonly long Quantum = Stopwatch.Frequency / 5000;

    private const int Interval = 4;

    private long _end;
    private int _steps;

    /// <summary>One without an end.</summary>
    public static WorkTurn Endless => new() { _end = long.MaxValue };

    /// <summary>Asked after each piece of work.</summary>
    public bool IsOver() => ++_steps % Interval == 0 && Look();

    private bool Look()
    {
        if (_end == long.MaxValue)
            return false;
        long now = Stopwatch.GetTimestamp();
        if (_end == 0)
            _end = now + Quantum;
        return now >= _end;
    }
}
