using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace SmallRtnl;

/// <summary>
/// Takes datagrams apart, checks each message in the order of <c>rtnetlink_rcv_msg</c>, runs its thunk and answers. Nothing that a
/// client sends makes it throw.
/// </summary>
public sealed class RtnlDispatcher : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentQueue<RequestContext> _contexts = new();
    private readonly ILogger _logger;
    // The table's own, at hand: each step from one object to the next is waited for.
    private readonly DoItEntry[][] _doIts;
    private readonly int _maxMessageType;

    /// <summary>Makes a dispatcher over a table.</summary>
    public RtnlDispatcher(NetRegistry registry, HandlerTable table, ILogger<RtnlDispatcher> logger, RtnlStatistics? statistics = null)
    {
        if (statistics is not null && RtnlStatistics.IsEnabled)
        {
            foreach (HandlerInfo info in table.Handlers)
                info.Statistics = statistics.For(info);
        }
        Registry = registry;
        Table = table;
        _doIts = table.DoIts;
        _maxMessageType = (int)table.MaxMessageType;
        _logger = logger;
        Life = new DispatcherLife(this, logger);
    }

    /// <summary>The namespaces it serves.</summary>
    public NetRegistry Registry { get; }

    /// <summary>The dispatch table.</summary>
    public HandlerTable Table { get; }

    /// <summary>Whether it stops, or has stopped: requests are answered with ESHUTDOWN.</summary>
    public bool IsStopping => Life.IsStopping;

    internal PortTable Ports { get; } = new();

    internal DispatcherLife Life { get; }

    /// <summary>How long disposal waits for what has begun, where nobody has stopped it before.</summary>
    internal TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What the options ask of every locked doit; null: nothing.</summary>
    internal LockDetour? Detour { get; init; }

    /// <summary>Opens a socket in a namespace.</summary>
    /// <param name="net">The namespace, which the socket keeps alive.</param>
    /// <param name="isPrivileged">Whether its owner may configure.</param>
    /// <exception cref="InvalidOperationException">The namespace is dying.</exception>
    /// <param name="portIdHint">The port id to choose first where the server chooses.</param>
    public NetlinkSocket OpenSocket(Net net, bool isPrivileged, uint portIdHint = 0)
    {
        AddUser(net);
        var socket = new NetlinkSocket(this, net, isPrivileged) { PortIdHint = portIdHint };
        Life.Opened(socket);
        return socket;
    }

    /// <summary>Opens a socket for somebody at the other end of a transport.</summary>
    /// <exception cref="InvalidOperationException">The namespace is dying.</exception>
    internal NetlinkSocket OpenSocket(Net net, UnixPeer peer, uint portIdHint, bool tellsOfReceives)
    {
        AddUser(net);
        var socket = new NetlinkSocket(this, net, peer.IsPrivileged, peer) { PortIdHint = portIdHint, TellsOfReceives = tellsOfReceives };
        Life.Opened(socket);
        return socket;
    }

    /// <summary>
    /// Stops: what begins from now on is answered with ESHUTDOWN; completes once what has begun has ended and been answered, with the work that it has posted to
    /// namespaces and the namespaces that are being torn down. The host's server calls it; hosts without one may.
    /// </summary>
    /// <param name="cancellation">Ends the wait, not the handlers: what has not ended by then is reported, and goes on.</param>
    public Task StopAsync(CancellationToken cancellation = default) => Life.StopAsync(cancellation);

    /// <summary>Stops, where that has not happened yet, and waits as <see cref="RtnetlinkOptions.StopTimeout"/> says: handlers use what is disposed next.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopTimeout);
        await StopAsync(limit.Token).ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary><c>netlink_rcv_skb</c>: an error in one message does not stop the next; a length that lies ends the datagram in silence.</summary>
    internal ValueTask ReceiveAsync(NetlinkSocket socket, ReadOnlyMemory<byte> datagram)
    {
        int position = 0;
        WorkTurn turn = WorkTurn.Endless;
        return Receive(socket, datagram, ref position, ref turn) is { } handling ? new ValueTask(ContinueAsync(socket, datagram, position, handling)) : default;
    }

    /// <summary>The same for a turn.</summary>
    /// <param name="socket">Where it came in.</param>
    /// <param name="datagram">The whole of it.</param>
    /// <param name="position">Where the next message begins; moves along, to the datagram's end or behind it.</param>
    /// <param name="turn">What ends it sooner.</param>
    /// <returns>What is still to come of a message that waits, and that those behind it wait for; null where none does.</returns>
    internal Task? Receive(NetlinkSocket socket, ReadOnlyMemory<byte> datagram, ref int position, ref WorkTurn turn)
    {
        ReadOnlySpan<byte> bytes = datagram.Span;
        if (Life.IsStopping)
        {
            RefuseAll(socket, datagram, position);
            position = bytes.Length;
            return null;
        }
        int at = position;
        while (WholeMessageAt(bytes, at) is int length and > 0)
        {
            Task? handling = Handle(socket, in HeaderAt(bytes, at), bytes[at..], datagram.Slice(at, length));
            at += NetlinkAlignment.Align(length);
            position = at;
            // A dump's start is told as a task that has completed.
            if (handling is not null && !handling.IsCompletedSuccessfully)
                return handling;
            if (turn.IsOver())
                return null;
        }
        position = bytes.Length;
        return null;
    }

    /// <summary>Too late: every request is answered, so that whoever waits need not wait for ever.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RefuseAll(NetlinkSocket socket, ReadOnlyMemory<byte> datagram, int position)
    {
        while (WholeMessageAt(datagram.Span, position) is int length and > 0)
        {
            NetlinkHeader header = HeaderAt(datagram.Span, position);
            if ((header.Flags & NetlinkFlags.NLM_F_REQUEST) != 0 && header.Type >= NetlinkControlType.NLMSG_MIN_TYPE)
                Finish(socket, in header, datagram.Slice(position, length), Errno.ESHUTDOWN, "The server is stopping");
            position += NetlinkAlignment.Align(length);
        }
    }

    internal void ReceiverFailed(NetlinkSocket socket, Exception exception) =>
        _logger.LogError(exception, "The receiver of socket {PortId} failed.", socket.PortId);

    /// <summary>Fills one chunk of a dump and queues it.</summary>
    /// <returns>Whether the dump is over.</returns>
    internal async ValueTask<bool> FillChunkAsync(NetlinkSocket socket, DumpSession dump)
    {
        int room = socket.ChunkRoom;
        Datagram chunk = Datagram.Rent(room);
        try
        {
            DumpProgress progress;
            try
            {
                // Its handler's host may be gone.
                progress = Life.IsOver ? dump.FailLate() : await dump.FillAsync(chunk, room).ConfigureAwait(false);
                // One message that is larger than a chunk: there is room for it, as the kernel makes where it knows (min_dump_alloc).
                while (progress == DumpProgress.Failed && dump.Failure.Errno == Errno.EMSGSIZE && chunk.Length == 0 && room < Datagram.MaxSize)
                {
                    room *= 4;
                    chunk.Release();
                    chunk = Datagram.Rent(room);
                    progress = await dump.FillAsync(chunk, room).ConfigureAwait(false);
                }
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "A dump of {Type} failed.", dump.Context.Header.RtmType);
                chunk.Length = 0;
                TryWriteDone(socket, dump, chunk, RtnlResult.Error(Errno.EIO), room);
                chunk = Queue(socket, chunk, isLast: true);
                return true;
            }
            if (progress == DumpProgress.More)
            {
                chunk = Queue(socket, chunk, isLast: false);
                return false;
            }
            RtnlResult result = progress == DumpProgress.Failed ? dump.Failure : RtnlResult.Ok;
            bool isApart = chunk.Length > 0 && dump.EndsApart(progress);
            // What the request's reading had to say is said where that reading ended the dump.
            if (isApart && result.IsOk)
                dump.Context.Extack.Reset();
            if (isApart || !TryWriteDone(socket, dump, chunk, in result, room))
            {
                chunk = Queue(socket, chunk, isLast: false);
                chunk.Release();
                chunk = Datagram.Rent(Datagram.InitialSize);
                TryWriteDone(socket, dump, chunk, in result, Datagram.InitialSize);
            }
            chunk = Queue(socket, chunk, isLast: true);
            return true;
        }
        finally
        {
            chunk.Release();
        }
    }

    /// <returns>The chunk, or the smaller one that went in its place.</returns>
    private static Datagram Queue(NetlinkSocket socket, Datagram chunk, bool isLast)
    {
        Datagram fitted = chunk.Fit();
        socket.EnqueueChunk(fitted, isLast);
        return fitted;
    }

    private static void AddUser(Net net)
    {
        if (!net.TryAddUser())
            throw new InvalidOperationException($"Namespace {net} is dying.");
    }

    /// <returns>False where the chunk has no room for it, and nothing is written.</returns>
    private static bool TryWriteDone(NetlinkSocket socket, DumpSession dump, Datagram chunk, in RtnlResult result, int room)
    {
        var writer = new NetlinkWriter(chunk.Buffer[..room], chunk.Length);
        NetlinkFlags flags = NetlinkFlags.NLM_F_MULTI;
        if (dump.Interrupted)
            flags |= NetlinkFlags.NLM_F_DUMP_INTR;
        if (dump.Context.DumpEndFiltered)
            flags |= NetlinkFlags.NLM_F_DUMP_FILTERED;
        int start = writer.BeginMessage(NetlinkControlType.NLMSG_DONE, flags, dump.Context.Header.Sequence, socket.PortId);
        writer.PutStruct(-(int)result.Errno);
        if (socket.ExtendedAck)
            AckWriter.PutExtack(ref writer, start, in result, dump.Context.MessageBytes, dump.Context.Extack, dump.Context.HeaderSize);
        writer.EndMessage(start);
        if (writer.Overflowed)
            return false;
        chunk.Length = writer.Position;
        return true;
    }

    /// <summary>A message waits: it and those behind it are handled one after another all the same.</summary>
    private async Task ContinueAsync(NetlinkSocket socket, ReadOnlyMemory<byte> datagram, int position, Task? handling)
    {
        WorkTurn turn = WorkTurn.Endless;
        while (handling is not null)
        {
            await handling.ConfigureAwait(false);
            handling = Receive(socket, datagram, ref position, ref turn);
        }
    }

    /// <returns>A message's length; 0 where no whole one follows.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int WholeMessageAt(ReadOnlySpan<byte> datagram, int position)
    {
        // Behind the last message's padding, which need not be there.
        int remaining = datagram.Length - position;
        if (remaining < NetlinkHeader.Size)
            return 0;
        uint length = HeaderAt(datagram, position).Length;
        return length >= NetlinkHeader.Size && length <= (uint)remaining ? (int)length : 0;
    }

    /// <summary>Where it lies: of a copy each field would be read back from memory just written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly NetlinkHeader HeaderAt(ReadOnlySpan<byte> datagram, int position) =>
        ref Unsafe.As<byte, NetlinkHeader>(ref MemoryMarshal.GetReference(datagram[position..]));

    /// <param name="socket">Where it came in.</param>
    /// <param name="header">Its nlmsghdr.</param>
    /// <param name="bytes">The datagram from the message on.</param>
    /// <param name="message">The message, kept by what outlives this call.</param>
    /// <returns>What is still to come; null where the message has been handled, as most have: a value task would be taken apart and put together again.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Task? Handle(NetlinkSocket socket, in NetlinkHeader header, ReadOnlySpan<byte> bytes, ReadOnlyMemory<byte> message)
    {
        if ((header.Flags & NetlinkFlags.NLM_F_REQUEST) == 0 || header.Type < NetlinkControlType.NLMSG_MIN_TYPE)
            return Finish(socket, in header, message);
        if (header.Type > _maxMessageType)
            return Finish(socket, in header, message, Errno.EOPNOTSUPP);
        // Not even a struct rtgenmsg: success in silence, unless an ACK was asked for.
        if (header.Length == NetlinkHeader.Size)
            return Finish(socket, in header, message);

        var family = (ProtocolFamily)bytes[NetlinkHeader.Size];
        bool isGet = (header.Type & 3) == 2;
        if (!isGet && !socket.MayConfigure && !HasOpenPrivilege(family, header.RtmType))
            return Finish(socket, in header, message, Errno.EPERM);
        if (isGet && (header.Flags & NetlinkFlags.NLM_F_DUMP) != 0)
        {
            if (RtnlContext.Current is { } running)
                CheckSelfWait(running, family, header.RtmType);
            return StartDumpAsync(socket, header, message, family);
        }

        ref readonly DoItEntry entry = ref HandlerTable.FindDoIt(_doIts, family, header.RtmType);
        if (entry.Thunk is not { } thunk)
            return Finish(socket, in header, message, Errno.EOPNOTSUPP);
        HandlerInfo info = entry.Info;
        if (entry.Privilege == RtnlPrivilege.NetAdmin && isGet && !socket.MayConfigure)
            return Finish(socket, in header, message, Errno.EPERM);
        if ((header.Type & 3) == 1 && (header.Flags & NetlinkFlags.NLM_F_BULK) != 0 && !info.Bulk)
            return Finish(socket, in header, message, Errno.EOPNOTSUPP, "Bulk delete is not supported");

        ThreadNote thread = ThreadNote.Here;
        // Out of another handler, in the middle of it.
        if (thread.Owner is not null)
            SelfWait.Check(thread.Owner, Registry.Gate, info.Lock, info.Type, info.Method);
        if (thread.Context is not { } context || !context.TryRent(thread))
            context = RentContext(thread);
        context.Detour = Detour;
        context.Begin(socket, socket.Net, in header, family, message);
        if (thread.Owner is not null)
            context.SentBy(thread.Owner);
        if (RtnlStatistics.IsEnabled)
            context.Handler = info.Statistics;
        RtnlResult result = Run(context, info, thunk);
        if (result.IsPending)
            return AwaitAndAnswerAsync(context, info);
        Answer(context, result);
        Return(context);
        return null;
    }

    /// <summary>The handler that a request is for; null where it has none any more.</summary>
    internal HandlerInfo? InfoOf(RequestContext context)
    {
        if (context.Header.Type is < NetlinkControlType.NLMSG_MIN_TYPE || context.Header.Type > _maxMessageType)
            return null;
        bool isDump = (context.Header.Type & 3) == 2 && (context.Flags & NetlinkFlags.NLM_F_DUMP) != 0;
        return isDump ? Table.FindDumpIt(context.Family, context.Header.RtmType).Info : Table.FindDoIt(context.Family, context.Header.RtmType).Info;
    }

    private void CheckSelfWait(RtnlContext running, ProtocolFamily family, RtmType type)
    {
        DumpItEntry own = Table.FindDumpIt(family, type);
        foreach (DumpItEntry entry in own.Thunk is not null ? [own] : Table.FamilyDumps(type))
            SelfWait.Check(running, Registry.Gate, entry.Info.Lock, entry.Info.Type, entry.Info.Method);
    }

    private RtnlResult Run(RequestContext context, HandlerInfo info, DoItThunk thunk)
    {
        try
        {
            return thunk(context);
        }
        catch (Exception exception)
        {
            return Failed(context, info, exception);
        }
    }

    private bool HasOpenPrivilege(ProtocolFamily family, RtmType type) =>
        Table.FindDoIt(family, type) is { Thunk: not null, Info.Privilege: RtnlPrivilege.None };

    private async Task AwaitAndAnswerAsync(RequestContext context, HandlerInfo info)
    {
        RtnlResult result;
        try
        {
            result = await context.TakePending().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            result = Failed(context, info, exception);
        }
        Answer(context, result);
        Return(context);
    }

    /// <summary>A handler threw: nothing of it stays, and no lock.</summary>
    private RtnlResult Failed(RequestContext context, HandlerInfo info, Exception exception)
    {
        context.Abandon();
        context.ReleaseLocks();
        _logger.LogError(exception, "{Handler} failed on {Type}.", info.Method, info.Type);
        return RtnlResult.Error(Errno.EIO, "Internal error");
    }

    /// <summary>The end of the After phase: notifications have reached their receivers' queues, then the replies, then the ACK.</summary>
    private void Answer(RequestContext context, RtnlResult result)
    {
        if (context.HasStaged)
            RunAfter(context);
        if (RtnlStatistics.IsEnabled)
            context.Handler?.Count(result.IsOk);
        if (context.Replies.Count > 0)
            SendReplies(context);
        if (!result.IsOk || (context.Flags & NetlinkFlags.NLM_F_ACK) != 0)
            AckWriter.Send(context.Socket!, context.Header, context.MessageBytes, in result, context.Extack, context.HeaderSize);
        context.Reset();
    }

    private void RunAfter(RequestContext context)
    {
        try
        {
            context.RunAfter();
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "A deferred action of {Type} failed.", context.Header.RtmType);
        }
    }

    private static void SendReplies(RequestContext context)
    {
        foreach (Datagram reply in context.Replies)
        {
            context.Socket!.Enqueue(reply, group: 0);
            reply.Release();
        }
        context.Replies.Clear();
    }

    /// <summary>Answers a message that no handler sees.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task? Finish(NetlinkSocket socket, in NetlinkHeader header, ReadOnlyMemory<byte> message, Errno errno = Errno.None, string? text = null)
    {
        AckWriter.Send(socket, in header, message, errno == Errno.None ? RtnlResult.Ok : RtnlResult.Error(errno, text), extack: null, headerSize: 0);
        return null;
    }

    private async Task StartDumpAsync(NetlinkSocket socket, NetlinkHeader header, ReadOnlyMemory<byte> message, ProtocolFamily family)
    {
        // A dump outlives its request's buffer.
        ReadOnlyMemory<byte> kept = message.ToArray();
        var context = new RequestContext { Detour = Detour };
        context.Begin(socket, socket.Net, in header, family, kept);
        context.SentBy(RtnlContext.Current);
        RtnlResult result = BeginDump(context, socket, header.RtmType, family, out DumpSession? session);
        if (session is not null)
        {
            if (await socket.TryStartDumpAsync(session).ConfigureAwait(false))
                return;
            session.Dispose();
            result = RtnlResult.Error(Errno.EBUSY);
        }
        AckWriter.Send(socket, in header, kept, in result, context.Extack, context.HeaderSize);
    }

    private RtnlResult BeginDump(RequestContext context, NetlinkSocket socket, RtmType type, ProtocolFamily family, out DumpSession? session)
    {
        session = null;
        try
        {
            DumpItEntry own = Table.FindDumpIt(family, type);
            if (own.Thunk is not null)
                return BeginDump(context, socket, own.Info, own.Thunk, out session);

            var sessions = new List<DumpSession>();
            foreach (DumpItEntry entry in Table.FamilyDumps(type))
            {
                RtnlResult result = BeginDump(context, socket, entry.Info, entry.Thunk!, out DumpSession? one);
                if (!result.IsOk)
                    return result;
                sessions.Add(one!);
            }
            if (sessions.Count == 0)
                return RtnlResult.Error(Errno.EOPNOTSUPP);
            session = new FanOutDump(context, sessions);
            return RtnlResult.Ok;
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Starting a dump of {Type} failed.", type);
            return RtnlResult.Error(Errno.EIO, "Internal error");
        }
    }

    private static RtnlResult BeginDump(RequestContext context, NetlinkSocket socket, HandlerInfo info, DumpItThunk thunk, out DumpSession? session)
    {
        session = null;
        if (info.Privilege == RtnlPrivilege.NetAdmin && !socket.MayConfigure)
            return RtnlResult.Error(Errno.EPERM);
        context.Handler = info.Statistics;
        RtnlResult result = thunk(context);
        context.Handler?.Count(result.IsOk);
        session = context.TakeDump();
        // What the kernel's dumpit finds wrong with a request ends the dump: NLMSG_DONE carries it, not NLMSG_ERROR.
        if (!result.IsOk)
            session = new RefusedDump(context, result);
        if (session is not null)
            session.SplitDone = info.SplitDone;
        return RtnlResult.Ok;
    }

    /// <summary>For a thread's first request, and for one that comes while another has the thread's own context.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private RequestContext RentContext(ThreadNote thread)
    {
        if (thread.Context is not null)
            return _contexts.TryDequeue(out RequestContext? context) ? context : new RequestContext();
        thread.Context = new RequestContext(isThreads: true);
        thread.Context.TryRent(thread);
        return thread.Context;
    }

    private void Return(RequestContext context)
    {
        if (!context.TryReturn())
            _contexts.Enqueue(context);
    }
}
