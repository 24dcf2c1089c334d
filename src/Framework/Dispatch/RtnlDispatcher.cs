using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace SmallRtnl;

/// <summary>
/// Takes datagrams apart, checks each message in the order of <c>rtnetlink_rcv_msg</c>, runs its thunk and answers. Nothing that a
/// client sends makes it throw.
/// </summary>
public sealed class RtnlDispatcher
{
    // libnl reads into four pages, pyroute2 into 16 KiB; a larger chunk would be cut short there.
    private const int ChunkSize = 16_384;

    private readonly ConcurrentQueue<RequestContext> _contexts = new();
    private readonly ILogger _logger;

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
        _logger = logger;
    }

    /// <summary>The namespaces it serves.</summary>
    public NetRegistry Registry { get; }

    /// <summary>The dispatch table.</summary>
    public HandlerTable Table { get; }

    internal PortTable Ports { get; } = new();

    /// <summary>What the options ask of every locked doit; null: nothing.</summary>
    internal LockDetour? Detour { get; init; }

    /// <summary>Opens a socket in a namespace.</summary>
    /// <param name="net">The namespace, which the socket keeps alive.</param>
    /// <param name="isPrivileged">Whether its owner may configure.</param>
    /// <exception cref="InvalidOperationException">The namespace is dying.</exception>
    /// <param name="portIdHint">The port id to choose first where the server chooses.</param>
    public NetlinkSocket OpenSocket(Net net, bool isPrivileged, uint portIdHint = 0)
    {
        if (!net.TryAddUser())
            throw new InvalidOperationException($"Namespace {net} is dying.");
        return new NetlinkSocket(this, net, isPrivileged) { PortIdHint = portIdHint };
    }

    /// <summary><c>netlink_rcv_skb</c>: an error in one message does not stop the next; a length that lies ends the datagram in silence.</summary>
    internal async ValueTask ReceiveAsync(NetlinkSocket socket, ReadOnlyMemory<byte> datagram)
    {
        while (datagram.Length >= NetlinkHeader.Size)
        {
            var header = MemoryMarshal.Read<NetlinkHeader>(datagram.Span);
            if (header.Length < NetlinkHeader.Size || header.Length > datagram.Length)
                return;
            var message = datagram[..(int)header.Length];
            ValueTask handling = HandleAsync(socket, header, message);
            await handling.ConfigureAwait(false);
            datagram = datagram[Math.Min(NetlinkAlignment.Align((int)header.Length), datagram.Length)..];
        }
    }

    internal void ReceiverFailed(NetlinkSocket socket, Exception exception) =>
        _logger.LogError(exception, "The receiver of socket {PortId} failed.", socket.PortId);

    /// <summary>Fills one chunk of a dump and queues it.</summary>
    /// <returns>Whether the dump is over.</returns>
    internal async ValueTask<bool> FillChunkAsync(NetlinkSocket socket, DumpSession dump)
    {
        Datagram chunk = Datagram.Rent(ChunkSize);
        try
        {
            DumpProgress progress;
            try
            {
                progress = await dump.FillAsync(chunk, ChunkSize).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "A dump of {Type} failed.", dump.Context.Header.RtmType);
                chunk.Length = 0;
                WriteDone(socket, dump, chunk, RtnlResult.Error(Errno.EIO));
                socket.EnqueueChunk(chunk);
                return true;
            }
            if (progress == DumpProgress.More)
            {
                socket.EnqueueChunk(chunk);
                return false;
            }
            RtnlResult result = progress == DumpProgress.Failed ? dump.Failure : RtnlResult.Ok;
            if (chunk.Length > 0 && (dump.SplitDone || !HasRoomForDone(chunk, in result)))
            {
                socket.EnqueueChunk(chunk);
                chunk.Release();
                chunk = Datagram.Rent(ChunkSize);
            }
            WriteDone(socket, dump, chunk, in result);
            socket.EnqueueChunk(chunk);
            return true;
        }
        finally
        {
            chunk.Release();
        }
    }

    private static bool HasRoomForDone(Datagram chunk, in RtnlResult result) =>
        ChunkSize - chunk.Length >= NetlinkHeader.Size + 4 + (result.Message is { } text ? 8 + (3 * text.Length) : 0);

    private static void WriteDone(NetlinkSocket socket, DumpSession dump, Datagram chunk, in RtnlResult result)
    {
        var writer = new NetlinkWriter(chunk.Buffer, chunk.Length);
        NetlinkFlags flags = NetlinkFlags.NLM_F_MULTI;
        if (dump.Interrupted)
            flags |= NetlinkFlags.NLM_F_DUMP_INTR;
        bool tlvs = socket.ExtendedAck && result.Message is not null;
        if (tlvs)
            flags |= NetlinkFlags.NLM_F_ACK_TLVS;
        int start = writer.BeginMessage(NetlinkControlType.NLMSG_DONE, flags, dump.Context.Header.Sequence, socket.PortId);
        writer.PutStruct(-(int)result.Errno);
        if (tlvs)
            AckWriter.PutText(ref writer, result.Message!);
        writer.EndMessage(start);
        chunk.Length = writer.Position;
    }

    private ValueTask HandleAsync(NetlinkSocket socket, in NetlinkHeader header, ReadOnlyMemory<byte> message)
    {
        if ((header.Flags & NetlinkFlags.NLM_F_REQUEST) == 0 || header.Type < NetlinkControlType.NLMSG_MIN_TYPE)
            return Finish(socket, in header, message, RtnlResult.Ok);
        if (header.RtmType > Table.MaxMessageType)
            return Finish(socket, in header, message, RtnlResult.Error(Errno.EOPNOTSUPP));
        // Not even a struct rtgenmsg: success in silence, unless an ACK was asked for.
        if (message.Length < NetlinkHeader.Size + 1)
            return Finish(socket, in header, message, RtnlResult.Ok);

        var family = (ProtocolFamily)message.Span[NetlinkHeader.Size];
        bool isGet = (header.Type & 3) == 2;
        if (!isGet && !socket.IsPrivileged && !HasOpenPrivilege(family, header.RtmType))
            return Finish(socket, in header, message, RtnlResult.Error(Errno.EPERM));
        if (isGet && (header.Flags & NetlinkFlags.NLM_F_DUMP) != 0)
            return StartDumpAsync(socket, header, message, family);

        if (!Table.TryGetDoIt(family, header.RtmType, out HandlerInfo info, out DoItThunk thunk))
            return Finish(socket, in header, message, RtnlResult.Error(Errno.EOPNOTSUPP));
        if (info.Privilege == RtnlPrivilege.NetAdmin && !socket.IsPrivileged)
            return Finish(socket, in header, message, RtnlResult.Error(Errno.EPERM));
        if ((header.Type & 3) == 1 && (header.Flags & NetlinkFlags.NLM_F_BULK) != 0 && !info.Bulk)
            return Finish(socket, in header, message, RtnlResult.Error(Errno.EOPNOTSUPP, "Bulk delete is not supported"));

        RequestContext context = RentContext();
        context.Begin(socket, socket.Net, in header, message);
        context.Handler = info.Statistics;
        ValueTask<RtnlResult> running;
        try
        {
            running = thunk(context);
        }
        catch (Exception exception)
        {
            running = new ValueTask<RtnlResult>(Failed(context, info, exception));
        }
        if (!running.IsCompletedSuccessfully)
            return AwaitAndAnswerAsync(context, info, running);
        Answer(context, running.Result);
        return default;
    }

    private bool HasOpenPrivilege(ProtocolFamily family, RtmType type) =>
        Table.TryGetDoIt(family, type, out HandlerInfo info, out _) && info.Privilege == RtnlPrivilege.None;

    private async ValueTask AwaitAndAnswerAsync(RequestContext context, HandlerInfo info, ValueTask<RtnlResult> running)
    {
        RtnlResult result;
        try
        {
            result = await running.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            result = Failed(context, info, exception);
        }
        Answer(context, result);
    }

    /// <summary>A handler threw: nothing of it stays, and no lock.</summary>
    private RtnlResult Failed(RequestContext context, HandlerInfo info, Exception exception)
    {
        _logger.LogError(exception, "{Handler} failed on {Type}.", info.Method, info.Type);
        context.Abandon();
        context.ReleaseLocks();
        return RtnlResult.Error(Errno.EIO, "Internal error");
    }

    /// <summary>The end of the After phase: notifications have reached their receivers' queues, then the replies, then the ACK.</summary>
    private void Answer(RequestContext context, in RtnlResult result)
    {
        try
        {
            context.RunAfter();
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "A deferred action of {Type} failed.", context.Header.RtmType);
        }
        context.Handler?.Count(result.IsOk);
        NetlinkSocket socket = context.Socket!;
        foreach (Datagram reply in context.Replies)
        {
            socket.Enqueue(reply, group: 0);
            reply.Release();
        }
        context.Replies.Clear();
        AckWriter.Send(socket, context.Header, context.MessageBytes, in result, context.Extack, context.HeaderSize);
        context.Reset();
        _contexts.Enqueue(context);
    }

    private static ValueTask Finish(NetlinkSocket socket, in NetlinkHeader header, ReadOnlyMemory<byte> message, in RtnlResult result)
    {
        AckWriter.Send(socket, in header, message, in result, extack: null, headerSize: 0);
        return default;
    }

    private async ValueTask StartDumpAsync(NetlinkSocket socket, NetlinkHeader header, ReadOnlyMemory<byte> message, ProtocolFamily family)
    {
        // A dump outlives its request's buffer.
        ReadOnlyMemory<byte> kept = message.ToArray();
        var context = new RequestContext();
        context.Begin(socket, socket.Net, in header, kept);
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
            if (Table.TryGetDumpIt(family, type, out HandlerInfo info, out DumpItThunk thunk))
                return BeginDump(context, socket, info, thunk, out session);

            var sessions = new List<DumpSession>();
            foreach ((HandlerInfo familyInfo, DumpItThunk familyThunk) in Table.FamilyDumps(type))
            {
                RtnlResult result = BeginDump(context, socket, familyInfo, familyThunk, out DumpSession? one);
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
        if (info.Privilege == RtnlPrivilege.NetAdmin && !socket.IsPrivileged)
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

    private RequestContext RentContext() => _contexts.TryDequeue(out RequestContext? context) ? context : new RequestContext(Detour);
}
