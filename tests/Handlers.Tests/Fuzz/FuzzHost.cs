using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SmallRtnl.Handlers.Tests.Fuzz;

/// <summary>A host that is sent anything, and what must hold after each datagram.</summary>
internal sealed class FuzzHost : IDisposable
{
    // So that what hostile requests create does not make every dump slower than the one before.
    private const int DatagramsPerNamespace = 500;

    private readonly ServiceProvider _services;
    private readonly ErrorLog _log = new();
    private readonly RtnlDispatcher _dispatcher;
    private readonly HashSet<uint> _answered = [];
    private readonly long[] _successes = new long[256];
    private NetlinkSocket? _socket;
    private string _name = "";
    private int _sent;

    public FuzzHost()
    {
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(ErrorLogger<>)).AddSingleton(_log);
        services.AddRtnetlink().AddSmallRtnlHandlers();
        _services = services.BuildServiceProvider();
        _dispatcher = _services.GetRequiredService<RtnlDispatcher>();
    }

    /// <summary>How many datagrams it was sent.</summary>
    public long Sent { get; private set; }

    /// <summary>How many requests of a type have succeeded.</summary>
    public long Successes(RtmType type) => _successes[(int)type];

    /// <summary>Sends a datagram and checks that nothing threw, no lock is held, and every well-formed request was answered.</summary>
    public void Send(byte[] datagram)
    {
        Sent++;
        NetlinkSocket socket = Socket();
        ValueTask sending = socket.SendAsync(datagram);
        if (!sending.IsCompleted)
            throw new InvalidOperationException("A lock is held though nobody else is here: the request waits.");
        sending.GetAwaiter().GetResult();
        Drain(socket);
        foreach ((uint sequence, ushort type) in ExpectedAnswers(datagram))
        {
            if (!_answered.Contains(sequence))
                throw new InvalidOperationException($"The request of type {type} with sequence {sequence} was not answered.");
        }
        if (_log.Errors.TryDequeue(out string? error))
            throw new InvalidOperationException(error);
        AssertNothingHeld(socket.Net);
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _services.Dispose();
    }

    /// <summary>The walk of netlink_rcv_skb, written apart from the dispatcher: which messages are due an answer.</summary>
    private static IEnumerable<(uint Sequence, ushort Type)> ExpectedAnswers(byte[] datagram)
    {
        int at = 0;
        while (datagram.Length - at >= NetlinkHeader.Size)
        {
            var header = MemoryMarshal.Read<NetlinkHeader>(datagram.AsSpan(at));
            if (header.Length < NetlinkHeader.Size || header.Length > datagram.Length - at)
                yield break;
            if ((header.Flags & NetlinkFlags.NLM_F_ACK) != 0)
                yield return (header.Sequence, header.Type);
            at = Math.Min(datagram.Length, at + NetlinkAlignment.Align((int)header.Length));
        }
    }

    private NetlinkSocket Socket()
    {
        if (_socket is not null && _sent++ % DatagramsPerNamespace != 0)
            return _socket;
        if (_socket is not null)
        {
            _socket.Dispose();
            _dispatcher.Registry.TryDelete(_name);
        }
        _name = $"fuzz{_sent}";
        _dispatcher.Registry.TryCreate(_name, out Net net);
        _socket = _dispatcher.OpenSocket(net, isPrivileged: true);
        _socket.ReceiveBuffer = int.MaxValue;
        _socket.SetOption(NetlinkSocketOption.NETLINK_EXT_ACK, 1);
        // It listens to itself, so that notifications are built and delivered too.
        _ = _socket.Bind(0, uint.MaxValue);
        _socket.SetOption(NetlinkSocketOption.NETLINK_GET_STRICT_CHK, _sent / DatagramsPerNamespace % 2);
        return _socket;
    }

    private void Drain(NetlinkSocket socket)
    {
        _answered.Clear();
        while (socket.TryReceive(out ReceivedDatagram datagram, out Errno error))
        {
            if (error != Errno.None)
                throw new InvalidOperationException($"The socket reports {error}.");
            using (datagram)
            {
                ReadOnlySpan<byte> bytes = datagram.Span;
                while (bytes.Length >= NetlinkHeader.Size)
                {
                    var header = MemoryMarshal.Read<NetlinkHeader>(bytes);
                    if (header.Type is NetlinkControlType.NLMSG_ERROR or NetlinkControlType.NLMSG_DONE)
                        _answered.Add(header.Sequence);
                    if (header.Type == NetlinkControlType.NLMSG_ERROR)
                        CountSuccess(bytes[NetlinkHeader.Size..]);
                    bytes = bytes[Math.Min(bytes.Length, NetlinkAlignment.Align((int)header.Length))..];
                }
            }
            ValueTask continuing = socket.ContinueDumpAsync();
            if (!continuing.IsCompleted)
                throw new InvalidOperationException("A dump waits for a lock that nobody should hold.");
        }
    }

    /// <summary>An ACK's body: the errno, then the header of the request.</summary>
    private void CountSuccess(ReadOnlySpan<byte> body)
    {
        var request = MemoryMarshal.Read<NetlinkHeader>(body[4..]);
        if (MemoryMarshal.Read<int>(body) == 0 && request.Type < _successes.Length)
            _successes[request.Type]++;
    }

    private void AssertNothingHeld(Net net)
    {
        using var context = RtnlContext.Create();
        if (!net.TryLock(context, out RtnlLease lease))
            throw new InvalidOperationException("A namespace's lock is still held.");
        lease.Dispose();
    }

    /// <summary>What the dispatcher logs when something throws inside it.</summary>
    internal sealed class ErrorLog
    {
        public ConcurrentQueue<string> Errors { get; } = new();
    }

    /// <summary>Keeps errors and above.</summary>
    internal sealed class ErrorLogger<T>(ErrorLog log) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                log.Errors.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }
}
