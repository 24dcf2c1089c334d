using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>Frames on their way to one client with one system call, each made of its header and the datagram where it lies.</summary>
internal sealed unsafe class UnixFrameBatch
{
    /// <summary>How many frames there is room for.</summary>
    public const int Capacity = 64;

    [ThreadStatic]
    private static UnixFrameBatch? t_spare;

    private readonly ReceivedDatagram[] _datagrams = new ReceivedDatagram[Capacity];
    private readonly UnixCredentialedFrame* _headers;
    private readonly LinuxSystemCalls.Vector* _vectors;
    private readonly LinuxSystemCalls.BatchedMessage* _messages;
    private int _count;
    private int _sent;

    private UnixFrameBatch()
    {
        _headers = (UnixCredentialedFrame*)NativeMemory.Alloc(Capacity, UnixCredentialedFrame.Size);
        _vectors = (LinuxSystemCalls.Vector*)NativeMemory.AllocZeroed(2 * Capacity, (nuint)sizeof(LinuxSystemCalls.Vector));
        _messages = (LinuxSystemCalls.BatchedMessage*)NativeMemory.AllocZeroed(Capacity, (nuint)sizeof(LinuxSystemCalls.BatchedMessage));
        for (int i = 0; i < Capacity; i++)
        {
            _vectors[2 * i] = new LinuxSystemCalls.Vector { Base = (byte*)(_headers + i), Length = UnixFrame.Size };
            _messages[i].Header.Vectors = _vectors + (2 * i);
        }
    }

    ~UnixFrameBatch()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_headers);
    }

    /// <summary>Whether everything has been sent.</summary>
    public bool IsEmpty => _sent == _count;

    /// <summary>This thread's, for as long as it is at work: sending may call back into code that sends.</summary>
    public static UnixFrameBatch Rent()
    {
        UnixFrameBatch batch = t_spare ?? new UnixFrameBatch();
        t_spare = null;
        return batch;
    }

    /// <summary>Gives the batch to this thread, empty.</summary>
    public void Return()
    {
        Clear();
        t_spare = this;
    }

    /// <summary>Takes the socket's next datagrams, or its pending error, off its queue.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="withCredentials">Whether its client wants the senders' credentials.</param>
    /// <param name="errorFlags">The flags of an error.</param>
    /// <returns>False where there is nothing.</returns>
    public bool Fill(NetlinkSocket socket, bool withCredentials, byte errorFlags)
    {
        Clear();
        _count = socket.TryReceive(_datagrams, out Errno error);
        nuint headerSize = withCredentials ? UnixCredentialedFrame.Size : (nuint)UnixFrame.Size;
        if (error != Errno.None)
        {
            _count = 1;
            _vectors[0].Length = headerSize;
            SetError(0, error, errorFlags);
            return true;
        }
        for (int i = 0; i < _count; i++)
        {
            ref readonly ReceivedDatagram datagram = ref _datagrams[i];
            _vectors[2 * i].Length = headerSize;
            _headers[i] = new UnixCredentialedFrame(
                new UnixFrame(UnixFrameKind.Data, (byte)datagram.Dump, 0, (uint)datagram.Group, (uint)datagram.Nsid, datagram.SenderPortId), datagram.Sender);
            if ((int)headerSize + datagram.Length > UnixFrame.MaxSize)
            {
                SetError(i, Errno.ENOBUFS);
                continue;
            }
            _vectors[(2 * i) + 1] = new LinuxSystemCalls.Vector { Base = datagram.Address, Length = (nuint)datagram.Length };
            _messages[i].Header.VectorCount = 2;
        }
        return _count > 0;
    }

    /// <summary>Sends what the connection takes.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="occupied">What the datagrams that it has taken occupy.</param>
    /// <returns>0, or the errno of what could not be sent; EAGAIN where the connection is full.</returns>
    public int Send(FileHandle socket, out int occupied)
    {
        occupied = 0;
        int raisedFor = -1;
        while (_sent < _count)
        {
            int sent = LinuxSystemCalls.SendMany(socket, _messages + _sent, (uint)(_count - _sent), LinuxSystemCalls.MSG_DONTWAIT | LinuxSystemCalls.MSG_NOSIGNAL);
            if (sent > 0)
            {
                for (; sent > 0; sent--)
                    occupied += _datagrams[_sent++].TrueSize;
                continue;
            }
            int error = LinuxSystemCalls.LastError;
            if (error == LinuxSystemCalls.EMSGSIZE && raisedFor != _sent)
            {
                raisedFor = _sent;
                RaiseSendBuffer(socket, _datagrams[_sent].Length);
            }
            // Larger than this machine's socket buffers: lost, as a buffer that the kernel cannot allocate.
            else if (error == LinuxSystemCalls.EMSGSIZE && _messages[_sent].Header.VectorCount == 2)
            {
                SetError(_sent, Errno.ENOBUFS);
            }
            else if (error != LinuxSystemCalls.EINTR)
            {
                return error;
            }
        }
        return 0;
    }

    /// <summary>
    /// A frame must fit the send buffer whole. The buffer is no limit of memory, the netlink socket's receive buffer is: it stays as large.
    /// </summary>
    private static void RaiseSendBuffer(FileHandle socket, int length)
    {
        // Doubled by the kernel.
        int size = length + UnixCredentialedFrame.Size + 64;
        if (LinuxSystemCalls.SetSocketOption(socket, LinuxSystemCalls.SOL_SOCKET, LinuxSystemCalls.SO_SNDBUFFORCE, &size, sizeof(int)) != 0)
            _ = LinuxSystemCalls.SetSocketOption(socket, LinuxSystemCalls.SOL_SOCKET, LinuxSystemCalls.SO_SNDBUF, &size, sizeof(int));
    }

    private void Clear()
    {
        foreach (ref ReceivedDatagram datagram in _datagrams.AsSpan(0, _count))
        {
            datagram.Dispose();
            datagram = default;
        }
        _count = 0;
        _sent = 0;
    }

    private void SetError(int index, Errno error, byte flags = 0)
    {
        _headers[index] = new UnixCredentialedFrame(new UnixFrame(UnixFrameKind.Error, flags, 0, (uint)error, 0, 0), sender: null);
        _messages[index].Header.VectorCount = 1;
    }
}
