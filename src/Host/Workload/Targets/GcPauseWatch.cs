namespace SmallRtnl.Host;

/// <summary>
/// Sees every collection's pauses: an object that dies young is finalised after each, looks, and leaves another behind. Two collections
/// before the finaliser's turn show as the later one of each kind.
/// </summary>
internal sealed class GcPauseWatch : IDisposable
{
    private static readonly GCKind[] s_kinds = [GCKind.FullBlocking, GCKind.Background];

    private readonly long[] _seen = new long[s_kinds.Length];
    private readonly Lock _sync = new();
    private TimeSpan _longest;
    private int _count;
    private volatile bool _ended;

    public GcPauseWatch() => Leave(this);

    /// <summary>The longest single pause of a collection of generation 2.</summary>
    public TimeSpan LongestGen2
    {
        get
        {
            Look();
            lock (_sync)
                return _longest;
        }
    }

    /// <summary>How many collections of generation 2 it has seen.</summary>
    public int Seen
    {
        get
        {
            Look();
            lock (_sync)
                return _count;
        }
    }

    /// <summary>Forgets what it has seen.</summary>
    public void Restart()
    {
        Look();
        lock (_sync)
        {
            _longest = TimeSpan.Zero;
            _count = 0;
        }
    }

    public void Dispose() => _ended = true;

    private static void Leave(GcPauseWatch watch) => _ = new Sentinel(watch);

    private void Look()
    {
        lock (_sync)
        {
            for (int i = 0; i < s_kinds.Length; i++)
            {
                GCMemoryInfo info = GC.GetGCMemoryInfo(s_kinds[i]);
                if (info.Index == 0 || info.Index == _seen[i])
                    continue;
                _seen[i] = info.Index;
                _count++;
                foreach (TimeSpan pause in info.PauseDurations)
                    _longest = pause > _longest ? pause : _longest;
            }
        }
    }

    private sealed class Sentinel(GcPauseWatch watch)
    {
        ~Sentinel()
        {
            if (watch._ended || Environment.HasShutdownStarted)
                return;
            watch.Look();
            Leave(watch);
        }
    }
}
