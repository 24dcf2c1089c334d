namespace SmallRtnl;

/// <summary>Options of a host.</summary>
public sealed class RtnetlinkOptions
{
    /// <summary>What <see cref="RtnlLock.PerNet"/> takes.</summary>
    public RtnlMode Mode { get; set; } = RtnlMode.PerNet;

    /// <summary>The largest message type; raise it past <see cref="RtmType.RTM_MAX"/> for messages of a host's own.</summary>
    public RtmType MaxMessageType { get; set; } = RtmType.RTM_MAX;

    /// <summary>How many exclusives an exclusive phase of the gate serves while shared entries wait.</summary>
    public int MaxExclusiveBatch { get; set; } = 64;

    /// <summary>The path of the Unix-domain socket to serve on; null: none.</summary>
    public string? SocketPath { get; set; }

    /// <summary>
    /// How long a thread of the socket's server goes on looking for the next request before it sleeps, letting others run in between. A client that
    /// asks again at once is answered in a tenth of the time; a server that nobody asks costs nothing. Zero: it sleeps at once.
    /// </summary>
    public TimeSpan BusyPoll { get; set; } = TimeSpan.FromMicroseconds(50);

    /// <summary>
    /// How long the disposal of the host's services waits for requests that have begun, where the host was not stopped before. A stop waits as long as its
    /// token lets it (<c>HostOptions.ShutdownTimeout</c>).
    /// </summary>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Which handlers run under the whole of RTNL though their word is <see cref="RtnlLock.PerNet"/>; null: none. A stronger word always
    /// suffices: so one finds, by halves, the conversion that one suspects, and sees what the others gain. Asked once for each locked doit,
    /// in the table's order, when the host is built.
    /// </summary>
    public Func<HandlerInfo, bool>? RunUnderRtnl { get; set; }

    /// <summary>
    /// For experiments: every locked doit waits so long under its lock before its handler runs, as one would that talks to hardware. The
    /// wait blocks no thread. Whole milliseconds; zero: off, at no cost.
    /// </summary>
    public TimeSpan HoldTime { get; set; }

    /// <summary>For experiments: every locked doit keeps its processor busy for so long under its lock, after <see cref="HoldTime"/>; zero: off, at no cost.</summary>
    public TimeSpan ComputeTime { get; set; }
}
