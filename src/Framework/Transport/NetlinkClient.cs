using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl;

/// <summary>An ACK or error as a client reads it.</summary>
/// <param name="Errno">0 on success.</param>
/// <param name="Message">The extack text; null where there is none.</param>
/// <param name="Offset">The offending attribute's offset from the request's nlmsghdr; 0 where there is none.</param>
public readonly record struct NetlinkAck(Errno Errno, string? Message, int Offset)
{
    /// <summary>Whether the request succeeded.</summary>
    public bool IsOk => Errno == Errno.None;
}

/// <summary>A message as a client reads it: its header, and the whole message in memory of its own.</summary>
/// <param name="Header">nlmsghdr.</param>
/// <param name="Bytes">The message, header included.</param>
/// <param name="Group">The multicast group it was sent to; 0 for a unicast.</param>
/// <param name="Nsid">The namespace it comes from, for NETLINK_LISTEN_ALL_NSID; -1 for the socket's own.</param>
public readonly record struct NetlinkMessage(NetlinkHeader Header, ReadOnlyMemory<byte> Bytes, int Group, int Nsid)
{
    /// <summary>Parses the message.</summary>
    /// <exception cref="FormatException">It is not a <typeparamref name="T"/>.</exception>
    public T Parse<T>()
        where T : struct, INetlinkMessage<T>
    {
        var extack = new Extack();
        var family = (ProtocolFamily)Bytes.Span[NetlinkHeader.Size];
        var payload = new NetlinkPayload(Bytes[NetlinkHeader.Size..], NetlinkHeader.Size, family, NetlinkValidation.Liberal) { IsReply = true };
        return T.TryParse(in payload, extack, out T message) ? message : throw new FormatException($"Not a {typeof(T).Name}: {extack.Errno}, {extack.Message}.");
    }

    /// <summary>Reads NLMSG_ERROR, or NLMSG_DONE, which has no echoed header.</summary>
    public NetlinkAck ParseAck()
    {
        ReadOnlySpan<byte> span = Bytes.Span;
        var errno = (Errno)(-MemoryMarshal.Read<int>(span[NetlinkHeader.Size..]));
        if ((Header.Flags & NetlinkFlags.NLM_F_ACK_TLVS) == 0)
            return new NetlinkAck(errno, null, 0);
        int echoed = 0;
        if (Header.Type == NetlinkControlType.NLMSG_ERROR)
        {
            echoed = (Header.Flags & NetlinkFlags.NLM_F_CAPPED) != 0
                ? NetlinkHeader.Size
                : NetlinkAlignment.Align(MemoryMarshal.Read<int>(span[(NetlinkHeader.Size + 4)..]));
        }
        int start = NetlinkHeader.Size + 4 + echoed;
        string? text = null;
        int offset = 0;
        var reader = new NetlinkAttributeReader(Bytes[start..], start);
        while (reader.Read())
        {
            if (reader.Type == 1)
                text = Encoding.UTF8.GetString(reader.Value.Span.TrimEnd((byte)0));
            else if (reader.Type == 2)
                offset = MemoryMarshal.Read<int>(reader.Value.Span);
        }
        return new NetlinkAck(errno, text, offset);
    }
}

/// <summary>An in-process client: real netlink bytes, no system calls. One request at a time.</summary>
public sealed class NetlinkClient : IDisposable
{
    private readonly SemaphoreSlim _readable = new(0);
    private readonly Queue<NetlinkMessage> _messages = new();
    private byte[] _buffer = new byte[4096];
    private uint _sequence;

    private NetlinkClient(NetlinkSocket socket)
    {
        Socket = socket;
        socket.Readable = Signal;
    }

    /// <summary>The socket it stands on.</summary>
    public NetlinkSocket Socket { get; }

    /// <summary>Opens a client with NETLINK_EXT_ACK and NETLINK_GET_STRICT_CHK, as iproute2 sets them.</summary>
    public static NetlinkClient Open(RtnlDispatcher dispatcher, Net net, bool isPrivileged = true)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        var client = new NetlinkClient(dispatcher.OpenSocket(net, isPrivileged));
        client.Socket.SetOption(NetlinkSocketOption.NETLINK_EXT_ACK, 1);
        client.Socket.SetOption(NetlinkSocketOption.NETLINK_GET_STRICT_CHK, 1);
        return client;
    }

    /// <summary>Binds, and joins a multicast group.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such group.</exception>
    public void Join(int group)
    {
        // A socket without a port id hears nothing.
        Socket.Autobind();
        if (Socket.SetOption(NetlinkSocketOption.NETLINK_ADD_MEMBERSHIP, group) != Errno.None)
            throw new ArgumentOutOfRangeException(nameof(group));
    }

    /// <summary>Sends a message and waits for its ACK; notifications that come meanwhile stay for <see cref="ReceiveAsync"/>.</summary>
    /// <exception cref="RtnlAssertionException">Sent out of a handler that holds a lock, to one that needs a lock: it would wait for itself.</exception>
    [Acquires(RtnlLock.PerNet)]
    public async Task<NetlinkAck> RequestAsync<T>(RtmType type, NetlinkFlags flags, T message, CancellationToken cancellation = default)
        where T : struct, INetlinkMessage<T>
    {
        uint sequence = await SendAsync(type, flags | NetlinkFlags.NLM_F_ACK, message).ConfigureAwait(false);
        return (await ReadAnswerAsync(sequence, cancellation).ConfigureAwait(false)).Ack;
    }

    /// <summary>Sends a GET and waits for its answer.</summary>
    /// <returns>The answer, or the error.</returns>
    /// <exception cref="RtnlAssertionException">Sent out of a handler that holds a lock, to one that needs a lock: it would wait for itself.</exception>
    [Acquires(RtnlLock.PerNet)]
    public async Task<(NetlinkAck Ack, T Message)> GetAsync<T>(RtmType type, T message, NetlinkFlags flags = NetlinkFlags.None, CancellationToken cancellation = default)
        where T : struct, INetlinkMessage<T>
    {
        uint sequence = await SendAsync(type, flags | NetlinkFlags.NLM_F_ACK, message).ConfigureAwait(false);
        (NetlinkAck ack, List<NetlinkMessage> answers) = await ReadAnswerAsync(sequence, cancellation).ConfigureAwait(false);
        return (ack, answers.Count > 0 ? answers[0].Parse<T>() : default);
    }

    /// <summary>Dumps.</summary>
    /// <exception cref="NetlinkException">The dump was refused or failed.</exception>
    /// <exception cref="RtnlAssertionException">Sent out of a handler that holds a lock, to one that needs a lock: it would wait for itself.</exception>
    [Acquires(RtnlLock.PerNet)]
    public async Task<List<T>> DumpAsync<T>(RtmType type, T message, CancellationToken cancellation = default)
        where T : struct, INetlinkMessage<T>
    {
        uint sequence = await SendAsync(type, NetlinkFlags.NLM_F_DUMP, message).ConfigureAwait(false);
        (NetlinkAck ack, List<NetlinkMessage> rows) = await ReadAnswerAsync(sequence, cancellation).ConfigureAwait(false);
        if (!ack.IsOk)
            throw new NetlinkException(ack);
        return rows.ConvertAll(static row => row.Parse<T>());
    }

    /// <summary>Sends raw bytes, which may be anything.</summary>
    /// <exception cref="RtnlAssertionException">Sent out of a handler that holds a lock, to one that needs a lock: it would wait for itself.</exception>
    [Acquires(RtnlLock.PerNet)]
    public ValueTask SendBytesAsync(ReadOnlyMemory<byte> datagram) => Socket.SendAsync(datagram);

    /// <summary>Sends a message without waiting for anything.</summary>
    /// <returns>Its sequence number.</returns>
    /// <exception cref="InvalidOperationException">An attribute or the message is longer than it can be.</exception>
    /// <exception cref="RtnlAssertionException">Sent out of a handler that holds a lock, to one that needs a lock: it would wait for itself.</exception>
    [Acquires(RtnlLock.PerNet)]
    public async ValueTask<uint> SendAsync<T>(RtmType type, NetlinkFlags flags, T message)
        where T : struct, INetlinkMessage<T>
    {
        uint sequence = ++_sequence;
        int length;
        while ((length = Write(type, flags | NetlinkFlags.NLM_F_REQUEST, sequence, in message)) < 0)
        {
            // No room is enough for an attribute of more than 65,535 bytes.
            if (_buffer.Length >= Datagram.MaxSize)
                throw new InvalidOperationException($"A message of type {type} does not fit into {Datagram.MaxSize} bytes, or an attribute of it not into {ushort.MaxValue}.");
            _buffer = new byte[_buffer.Length * 2];
        }
        await Socket.SendAsync(_buffer.AsMemory(0, length)).ConfigureAwait(false);
        return sequence;
    }

    /// <summary>Takes the next message, notification or answer.</summary>
    /// <exception cref="NetlinkException">ENOBUFS: notifications were lost.</exception>
    public async Task<NetlinkMessage> ReceiveAsync(CancellationToken cancellation = default)
    {
        while (true)
        {
            if (_messages.TryDequeue(out NetlinkMessage message))
                return message;
            if (!await TryReadDatagramAsync().ConfigureAwait(false))
                await _readable.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Takes the next message if there is one.</summary>
    public bool TryReceive(out NetlinkMessage message)
    {
        while (!_messages.TryDequeue(out message))
        {
            if (!TryReadDatagram())
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A sender that is just delivering may still call.
        Socket.Readable = null;
        Socket.Dispose();
        _readable.Dispose();
    }

    private void Signal()
    {
        try
        {
            _readable.Release();
        }
        catch (ObjectDisposedException)
        {
            // The sender had begun to deliver before the client was disposed.
        }
    }

    private int Write<T>(RtmType type, NetlinkFlags flags, uint sequence, in T message)
        where T : struct, INetlinkMessage<T>
    {
        var writer = new NetlinkWriter(_buffer);
        int start = writer.BeginMessage((ushort)type, flags, sequence, 0);
        message.Write(ref writer);
        writer.EndMessage(start);
        return writer.Overflowed ? -1 : writer.Position;
    }

    private async Task<(NetlinkAck Ack, List<NetlinkMessage> Answers)> ReadAnswerAsync(uint sequence, CancellationToken cancellation)
    {
        var answers = new List<NetlinkMessage>();
        var others = new List<NetlinkMessage>();
        try
        {
            while (true)
            {
                NetlinkMessage message = await ReceiveAsync(cancellation).ConfigureAwait(false);
                if (message.Group != 0 || message.Header.Sequence != sequence)
                    others.Add(message);
                else if (message.Header.Type is NetlinkControlType.NLMSG_ERROR or NetlinkControlType.NLMSG_DONE)
                    return (message.ParseAck(), answers);
                else
                    answers.Add(message);
            }
        }
        finally
        {
            // What came in between stays in order, before what is still to come.
            others.AddRange(_messages);
            _messages.Clear();
            foreach (NetlinkMessage other in others)
                _messages.Enqueue(other);
        }
    }

    private async ValueTask<bool> TryReadDatagramAsync()
    {
        bool read = TryReadDatagram();
        if (read)
            await Socket.ContinueDumpAsync().ConfigureAwait(false);
        return read;
    }

    private bool TryReadDatagram()
    {
        if (!Socket.TryReceive(out ReceivedDatagram datagram, out Errno error))
            return false;
        if (error != Errno.None)
            throw new NetlinkException(new NetlinkAck(error, null, 0));
        using (datagram)
        {
            ReadOnlyMemory<byte> bytes = datagram.Span.ToArray();
            while (bytes.Length >= NetlinkHeader.Size)
            {
                var header = MemoryMarshal.Read<NetlinkHeader>(bytes.Span);
                // Another client may send anything.
                if (header.Length < NetlinkHeader.Size || header.Length > bytes.Length)
                    break;
                _messages.Enqueue(new NetlinkMessage(header, bytes[..(int)header.Length], datagram.Group, datagram.Nsid));
                bytes = bytes[Math.Min(NetlinkAlignment.Align((int)header.Length), bytes.Length)..];
            }
        }
        return true;
    }
}
