using System.Diagnostics;

namespace SmallRtnl;

/// <summary>
/// Whether to look again for what is awaited, or to sleep. Looking lets others run in between, which suits a machine on which the two ends of
/// a connection are most of what runs; where others take the processor for long it ends, since who sleeps gets it back at once when woken.
/// </summary>
internal struct BusyPoll(TimeSpan patience)
{
    // Many threads of ours that take turns are back sooner; a time slice of somebody else's is longer.
    private static readonly long s_slice = Stopwatch.Frequency * 3 / 2000;
    private static readonly long s_rest = Stopwatch.Frequency / 200;

    private readonly long _patience = (long)(patience.TotalSeconds * Stopwatch.Frequency);
    private long _since;
    private long _now;
    private long _restUntil;

    /// <summary>Something came.</summary>
    public void Reset() => _since = 0;

    /// <summary>Lets others run, unless it is time to sleep.</summary>
    /// <returns>False where it is.</returns>
    public bool TryYield()
    {
        if (_patience == 0)
            return false;
        if (_since == 0)
        {
            _now = Stopwatch.GetTimestamp();
            _since = _now;
        }
        if (_now - _since >= _patience || _now < _restUntil)
            return false;
        long before = _now;
        _ = LinuxSystemCalls.Yield();
        _now = Stopwatch.GetTimestamp();
        if (_now - before > s_slice)
            _restUntil = _now + s_rest;
        return true;
    }
}
