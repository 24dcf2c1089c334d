namespace SmallRtnl;

/// <summary>A dump request as its handler sees it.</summary>
/// <typeparam name="T">The message; the request's own has what the client filters by.</typeparam>
public readonly struct DumpItRequest<T>
    where T : struct, INetlinkMessage<T>
{
    private readonly RequestContext _context;
    private readonly T _message;

    /// <summary>For generated code.</summary>
    public DumpItRequest(RequestContext context, in T message, long cursor = 0)
    {
        _context = context;
        _message = message;
        Cursor = cursor;
    }

    /// <summary>The request's message.</summary>
    public T Message => _message;

    /// <summary>nlmsghdr.</summary>
    public NetlinkHeader Header => _context.Header;

    /// <summary>The namespace of the sender's socket.</summary>
    public Net Net => _context.Net;

    /// <summary>The owner of the locks.</summary>
    public RtnlContext Context => _context;

    /// <summary>Whether the sender asked for strict checking; only then do its header and attributes filter.</summary>
    public bool IsStrict => _context.IsStrict;

    /// <summary>Where the previous chunk ended, as the handler told its writer; 0 at first.</summary>
    public long Cursor { get; }

    /// <summary>
    /// The namespace's published state. For an <see cref="RtnlLock.Unlocked"/> dump, the version that was current when it began, at every chunk.
    /// </summary>
    public NetSnapshot Snapshot => _context.SnapshotOf(_context.Net);

    /// <summary>A subsystem's state in the sender's namespace.</summary>
    public TState Read<TState>()
        where TState : class => _context.Read<TState>(_context.Net);

    /// <summary>A subsystem's state in a namespace.</summary>
    public TState Read<TState>(Net net)
        where TState : class => _context.Read<TState>(net);

    /// <summary>Marks the dump's messages NLM_F_DUMP_FILTERED.</summary>
    /// <param name="marksEnd">NLMSG_DONE as well, as some of the kernel's dumps do.</param>
    public void SetFiltered(bool marksEnd = false)
    {
        _context.DumpFiltered = true;
        _context.DumpEndFiltered |= marksEnd;
    }

    /// <summary>Ends the dump with an error before its first message.</summary>
    public void Fail(Errno errno, string? message = null, int attribute = 0) => _context.DumpFailure = RtnlResult.Error(errno, message, attribute);
}
