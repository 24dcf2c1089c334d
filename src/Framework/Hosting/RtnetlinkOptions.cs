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
