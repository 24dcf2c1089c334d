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
    /// The most that a client of the socket's server may ask for its receive buffer, before the doubling (net.core.rmem_max); whoever may configure may
    /// ask for more by force. Null: as the machine has it.
    /// </summary>
    public int? MaxReceiveBuffer { get; set; }

    /// <summary>
    /// What the clients of one user may leave unread, all together, in bytes as they occupy memory, the socket's own buffer included; beyond that
    /// their messages are lost (ENOBUFS), but for one to each. The first 16 KiB of each connection do not count.
    /// </summary>
    public long MaxUnreadBytesPerUser { get; set; } = 64 << 20;

    /// <summary>The same for root and for the server's own user.</summary>
    public long MaxUnreadBytesOfOwner { get; set; } = 1 << 30;

    /// <summary>
    /// How many connections the socket's server has at once, data and control connections together; who comes next is told ENFILE. Fewer where
    /// the process has fewer descriptors (RLIMIT_NOFILE, which the server raises to its hard limit) less <see cref="DescriptorReserve"/>. An eighth
    /// is for root and the server's own user alone, and they leave an eighth to others.
    /// </summary>
    public int MaxConnections { get; set; } = 65_536;

    /// <summary>How many of them one uid has at once; who comes next is told EMFILE. Never more than half of them.</summary>
    public int MaxConnectionsPerUser { get; set; } = 4_096;

    /// <summary>The same for root and for the server's own user, who configure. Never more than seven eighths of <see cref="MaxConnections"/>.</summary>
    public int MaxConnectionsPerPrivilegedUser { get; set; } = 32_768;

    /// <summary>
    /// How many descriptors the server leaves free for the runtime and for whatever else the process does: who comes when no more are free is told
    /// ENFILE. At most half of RLIMIT_NOFILE.
    /// </summary>
    public int DescriptorReserve { get; set; } = 256;

    /// <summary>How long a connection may be without a first frame before the server closes it; at most a day.</summary>
    public TimeSpan FirstFrameTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many bytes one uid's requests may take in the server that have been read and could not be finished at once, since they wait for a lock or
    /// are long: from there on nothing more is read from that uid's connections until some have ended. Four times as many for root and the server's
    /// own user.
    /// </summary>
    public long MaxUnfinishedBytesPerUser { get; set; } = 64 << 20;

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

    /// <summary>What is wrong with the limits of the socket's server; null: nothing.</summary>
    internal string? FindMistake()
    {
        if (MaxConnections < 1 || MaxConnectionsPerUser < 1 || MaxConnectionsPerPrivilegedUser < 1)
            return $"{nameof(MaxConnections)}, {nameof(MaxConnectionsPerUser)} and {nameof(MaxConnectionsPerPrivilegedUser)} are at least 1.";
        if (DescriptorReserve < 0)
            return $"{nameof(DescriptorReserve)} is not negative.";
        if (FirstFrameTimeout <= TimeSpan.Zero || FirstFrameTimeout > TimeSpan.FromDays(1))
            return $"{nameof(FirstFrameTimeout)} is more than nothing and at most a day.";
        if (MaxReceiveBuffer < 1 || MaxUnreadBytesPerUser < 1 || MaxUnreadBytesOfOwner < 1)
            return $"{nameof(MaxReceiveBuffer)}, {nameof(MaxUnreadBytesPerUser)} and {nameof(MaxUnreadBytesOfOwner)} are at least 1.";
        return MaxUnfinishedBytesPerUser < 1 ? $"{nameof(MaxUnfinishedBytesPerUser)} is at least 1." : null;
    }
}
