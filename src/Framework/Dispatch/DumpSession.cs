namespace SmallRtnl;

/// <summary>What a chunk's filling came to.</summary>
public enum DumpProgress
{
    /// <summary>There is more; another chunk follows.</summary>
    More = 0,

    /// <summary>The dump is complete.</summary>
    Done = 1,

    /// <summary>The dump failed; NLMSG_DONE carries the errno.</summary>
    Failed = 2,
}

/// <summary>
/// A dump in progress. Each chunk is filled under the handler's lock word, which is never held across chunks. An
/// <see cref="RtnlLock.Unlocked"/> dump reads one version throughout and cannot be torn; a locked one is marked NLM_F_DUMP_INTR when the
/// namespace's generation moved between chunks.
/// </summary>
public abstract class DumpSession : IDisposable
{
    private readonly RtnlLock _word;
    private ulong? _generation;

    private protected DumpSession(RequestContext context, RtnlLock word)
    {
        Context = context;
        _word = word;
    }

    /// <summary>The error behind <see cref="DumpProgress.Failed"/>.</summary>
    public RtnlResult Failure { get; protected set; }

    internal RequestContext Context { get; }

    /// <summary>NLMSG_DONE travels in a datagram of its own.</summary>
    internal bool SplitDone { get; set; }

    /// <summary>Whether any chunk was filled after the generation had moved.</summary>
    internal bool Interrupted { get; private protected set; }

    /// <summary>Whether NLMSG_DONE comes after the datagram that has the last message. An error shares it: the kernel splits what ended well.</summary>
    internal virtual bool EndsApart(DumpProgress progress) => SplitDone && progress == DumpProgress.Done;

    /// <summary>The host has stopped between two chunks.</summary>
    internal DumpProgress FailLate()
    {
        Failure = RtnlResult.Error(Errno.ESHUTDOWN, "The server has stopped");
        return DumpProgress.Failed;
    }

    /// <summary>Ends the dump, complete or not.</summary>
    public virtual void Dispose()
    {
        Context.UnpinSnapshot();
        GC.SuppressFinalize(this);
    }

    internal virtual async ValueTask<DumpProgress> FillAsync(Datagram chunk, int room)
    {
        switch (_word)
        {
            case RtnlLock.Rtnl:
                await Context.LockRtnlAsync().ConfigureAwait(false);
                break;
            case RtnlLock.PerNet:
                await Context.LockNetAsync().ConfigureAwait(false);
                break;
            default:
                // Pinned once, when the dump begins, and kept to its end.
                if (_generation is null)
                    Context.BeginSnapshot();
                break;
        }
        RequestNote note = Context.Enter();
        try
        {
            ulong generation = Context.SnapshotOf(Context.Net).Generation;
            if (_generation is { } before && before != generation)
                Interrupted = true;
            _generation ??= generation;
            return Fill(chunk, room);
        }
        finally
        {
            note.Leave();
            if (_word != RtnlLock.Unlocked)
                Context.Unlock();
        }
    }

    private protected virtual DumpProgress Fill(Datagram chunk, int room) => DumpProgress.Done;
}

/// <summary>A dump whose handler enumerates messages.</summary>
/// <typeparam name="T">The message.</typeparam>
public sealed class EnumerableDump<T> : DumpSession
    where T : struct, INetlinkMessage<T>
{
    private readonly T _message;
    private readonly Func<DumpItRequest<T>, IEnumerable<T>> _handler;
    private IEnumerator<T>? _rows;
    private bool _hasRow;

    /// <summary>For generated code.</summary>
    public EnumerableDump(RequestContext context, in T message, RtnlLock word, Func<DumpItRequest<T>, IEnumerable<T>> handler)
        : base(context, word)
    {
        _message = message;
        _handler = handler;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rows?.Dispose();
        base.Dispose();
    }

    private protected override DumpProgress Fill(Datagram chunk, int room)
    {
        _rows ??= _handler(new DumpItRequest<T>(Context, in _message)).GetEnumerator();
        var messages = new DumpWriter<T>(new NetlinkWriter(chunk.Buffer[..room], chunk.Length), Context, Interrupted, cursor: 0);
        while (_hasRow || _rows.MoveNext())
        {
            _hasRow = !messages.TryWrite(_rows.Current);
            chunk.Length = messages.Position;
            if (!_hasRow)
                continue;
            if (chunk.Length > 0)
                return DumpProgress.More;
            Failure = RtnlResult.Error(Errno.EMSGSIZE);
            return DumpProgress.Failed;
        }
        Failure = Context.DumpFailure;
        return Failure.IsOk ? DumpProgress.Done : DumpProgress.Failed;
    }
}

/// <summary>Fills one chunk of a dump.</summary>
public delegate RtnlResult DumpChunk<T>(in DumpItRequest<T> request, ref DumpWriter<T> writer)
    where T : struct, INetlinkMessage<T>;

/// <summary>A dump whose handler is called afresh for each chunk, with a cursor.</summary>
/// <typeparam name="T">The message.</typeparam>
public sealed class CursorDump<T> : DumpSession
    where T : struct, INetlinkMessage<T>
{
    private readonly T _message;
    private readonly DumpChunk<T> _handler;
    private long _cursor;

    /// <summary>For generated code.</summary>
    public CursorDump(RequestContext context, in T message, RtnlLock word, DumpChunk<T> handler)
        : base(context, word)
    {
        _message = message;
        _handler = handler;
    }

    private protected override DumpProgress Fill(Datagram chunk, int room)
    {
        var request = new DumpItRequest<T>(Context, in _message, _cursor);
        int before = chunk.Length;
        var messages = new DumpWriter<T>(new NetlinkWriter(chunk.Buffer[..room], chunk.Length), Context, Interrupted, _cursor);
        RtnlResult result = _handler(in request, ref messages);
        _cursor = messages.Cursor;
        chunk.Length = messages.Position;
        if (!result.IsOk)
        {
            Failure = result;
            return DumpProgress.Failed;
        }
        if (!messages.IsFull)
            return DumpProgress.Done;
        if (chunk.Length > before)
            return DumpProgress.More;
        Failure = RtnlResult.Error(Errno.EMSGSIZE);
        return before > 0 ? DumpProgress.More : DumpProgress.Failed;
    }
}

/// <summary>A dump whose request was refused before anything was looked at.</summary>
internal sealed class RefusedDump : DumpSession
{
    public RefusedDump(RequestContext context, RtnlResult refusal)
        : base(context, RtnlLock.Unlocked)
    {
        Failure = refusal;
    }

    internal override ValueTask<DumpProgress> FillAsync(Datagram chunk, int room) => new(DumpProgress.Failed);
}

/// <summary>
/// A PF_UNSPEC dump of an object that only families handle (<c>rtnl_dump_all</c>): one family after another, each under its own word.
/// </summary>
internal sealed class FanOutDump : DumpSession
{
    private readonly Queue<DumpSession> _sessions;

    public FanOutDump(RequestContext context, IEnumerable<DumpSession> sessions)
        : base(context, RtnlLock.Unlocked)
    {
        _sessions = new Queue<DumpSession>(sessions);
    }

    /// <summary>The kernel's loop over the families says "more" as long as it has written anything.</summary>
    internal override bool EndsApart(DumpProgress progress) => true;

    public override void Dispose()
    {
        foreach (DumpSession session in _sessions)
            session.Dispose();
        base.Dispose();
    }

    internal override async ValueTask<DumpProgress> FillAsync(Datagram chunk, int room)
    {
        while (_sessions.TryPeek(out DumpSession? session))
        {
            DumpProgress progress = await session.FillAsync(chunk, room).ConfigureAwait(false);
            Interrupted |= session.Interrupted;
            if (progress == DumpProgress.Failed)
                Failure = session.Failure;
            if (progress != DumpProgress.Done)
                return progress;
            _sessions.Dequeue().Dispose();
        }
        return DumpProgress.Done;
    }
}
