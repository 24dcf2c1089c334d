using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace SmallRtnl.Bench;

/// <summary>
/// The generated path to a <see cref="RtnlLock.PerNet"/> handler against the same written by hand of the same parts: the checks of the header, a
/// table, the thread's context, the policy, the owner's note, our own lock, publishing or dropping, the After phase. What is left out is what
/// only the framework needs: datagrams of several messages, handlers that wait, what the options ask of all handlers.
/// </summary>
public class OverheadBenchmarks
{
    private readonly NoOpHandlers _handlers = new();
    private readonly Entry[][] _families = new Entry[byte.MaxValue + 1][];

    private DispatchHost _host = null!;
    private NetlinkSocket _socket = null!;
    private RtnlDispatcher _dispatcher = null!;
    private ReadOnlyMemory<byte> _request;

    private delegate RtnlResult HandWrittenThunk(RequestContext context, ReadOnlySpan<byte> message);

    [GlobalSetup]
    public void SetUp()
    {
        _host = new DispatchHost();
        _socket = _host.Socket;
        _dispatcher = _host.Dispatcher;
        _request = DispatchHost.Request(NoOpType.RTM_NEWNOOP);
        Array.Fill(_families, new Entry[NoOpType.RTM_SETNOOP - RtmType.RTM_NEWLINK + 1]);
        _families[0][NoOpType.RTM_NEWNOOP - RtmType.RTM_NEWLINK] = new Entry(HandleNew, NeedsPrivilege: true, TakesBulk: false);
        if (!HandWritten() || !DispatchHost.Succeeds(_socket, NoOpType.RTM_NEWNOOP))
            throw new InvalidOperationException("The request does not succeed, so its cost means nothing.");
    }

    [GlobalCleanup]
    public void CleanUp() => _host.Dispose();

    [Benchmark]
    public bool Generated() => _dispatcher.ReceiveAsync(_socket, _request).IsCompletedSuccessfully;

    [Benchmark(Baseline = true)]
    public bool HandWritten() => Dispatch(_socket, _request);

    private bool Dispatch(NetlinkSocket socket, ReadOnlyMemory<byte> datagram)
    {
        ReadOnlySpan<byte> bytes = datagram.Span;
        if (!HandWrittenHeader.TryRead(bytes, out NetlinkHeader header, out ProtocolFamily family))
            return false;
        bool isGet = (header.Type & 3) == 2;
        if (isGet && (header.Flags & NetlinkFlags.NLM_F_DUMP) != 0)
            return false;
        int index = header.RtmType - RtmType.RTM_NEWLINK;
        ref readonly Entry entry = ref _families[(int)family][index];
        if (entry.Thunk is not { } thunk)
            return false;
        if ((!isGet || entry.NeedsPrivilege) && !socket.IsPrivileged)
            return false;
        if ((header.Type & 3) == 1 && (header.Flags & NetlinkFlags.NLM_F_BULK) != 0 && !entry.TakesBulk)
            return false;

        ThreadNote thread = ThreadNote.Here;
        if (thread.Context is not { } context || !context.TryRent(thread))
            context = new RequestContext();
        context.Begin(socket, socket.Net, in header, family, datagram[..(int)header.Length]);
        RtnlResult result;
        try
        {
            result = thunk(context, bytes[..(int)header.Length]);
        }
        catch (Exception)
        {
            context.Abandon();
            context.Unlock();
            result = RtnlResult.Error(Errno.EIO);
        }
        if (context.HasStaged)
            context.RunAfter();
        if (context.Replies.Count > 0)
            SendReplies(socket, context);
        if (!result.IsOk || (header.Flags & NetlinkFlags.NLM_F_ACK) != 0)
            AckWriter.Send(socket, in header, datagram, in result, context.Extack, context.HeaderSize);
        context.Reset();
        context.TryReturn();
        return result.IsOk;
    }

    private static void SendReplies(NetlinkSocket socket, RequestContext context)
    {
        foreach (Datagram reply in context.Replies)
        {
            socket.Enqueue(reply, group: 0);
            reply.Release();
        }
        context.Replies.Clear();
    }

    [LockDisciplineIgnore("The lock is taken by the context itself, as generated code takes it, which no audit looks into.")]
    private RtnlResult HandleNew(RequestContext context, ReadOnlySpan<byte> message)
    {
        if (!TryParse(message[NetlinkHeader.Size..], context.Extack, out NoOpMessage parsed))
            return context.Refuse();
        if (!context.TryLockNet())
            throw new InvalidOperationException("Nobody else holds the lock.");
        RequestNote note = context.Enter();
        try
        {
            RtnlAssert.NetHeld(context.Net, context);
            return context.Complete(_handlers.New(new DoItRequest<NoOpMessage>(context, in parsed)));
        }
        finally
        {
            note.Leave();
            context.Unlock();
        }
    }

    private static bool TryParse(ReadOnlySpan<byte> payload, Extack extack, out NoOpMessage message)
    {
        message = default;
        if (!MemoryMarshal.TryRead(payload, out HoldHeader header))
            return extack.Fail(Errno.EINVAL, "Invalid header length");
        ReadOnlySpan<byte> rest = payload[4..];
        while (rest.Length >= 4)
        {
            int length = MemoryMarshal.Read<ushort>(rest);
            if (length < 4 || length > rest.Length)
                break;
            // No attribute is known, and what is unknown is ignored.
            rest = rest[Math.Min(NetlinkAlignment.Align(length), rest.Length)..];
        }
        if (!rest.IsEmpty)
            extack.Say("bytes leftover after parsing attributes");
        message = new NoOpMessage { Header = header };
        return true;
    }

    private readonly record struct Entry(HandWrittenThunk? Thunk, bool NeedsPrivilege, bool TakesBulk);
}
