using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;

namespace SmallRtnl.Bench;

/// <summary>
/// From a received message to the result of a handler that does nothing under its lock, against what one would write by hand: a switch over
/// the type, a reader-writer lock for the whole and a lock of the namespace's own.
/// </summary>
public class LockedDispatchBenchmarks
{
    private readonly ReaderWriterLockSlim _rtnl = new();
    private readonly Lock _netLock = new();

    private DispatchHost _host = null!;
    private NetlinkSocket _socket = null!;
    private RtnlDispatcher _dispatcher = null!;
    private ReadOnlyMemory<byte> _perNet;
    private ReadOnlyMemory<byte> _whole;

    [GlobalSetup]
    public void SetUp()
    {
        _host = new DispatchHost();
        _socket = _host.Socket;
        _dispatcher = _host.Dispatcher;
        _perNet = DispatchHost.Request(NoOpType.RTM_NEWNOOP);
        _whole = DispatchHost.Request(NoOpType.RTM_SETNOOP);
        if (!DispatchHost.Succeeds(_socket, NoOpType.RTM_NEWNOOP) || !DispatchHost.Succeeds(_socket, NoOpType.RTM_SETNOOP))
            throw new InvalidOperationException("The requests do not succeed, so their cost means nothing.");
    }

    [GlobalCleanup]
    public void CleanUp() => _host.Dispose();

    [Benchmark]
    public bool PerNet() => _dispatcher.ReceiveAsync(_socket, _perNet).IsCompletedSuccessfully;

    [Benchmark]
    public bool Rtnl() => _dispatcher.ReceiveAsync(_socket, _whole).IsCompletedSuccessfully;

    [Benchmark(Baseline = true)]
    public Errno SwitchPerNet() => Dispatch(_perNet.Span).Errno;

    [Benchmark]
    public Errno SwitchRtnl() => Dispatch(_whole.Span).Errno;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RtnlResult Dispatch(ReadOnlySpan<byte> datagram)
    {
        if (!HandWrittenHeader.TryRead(datagram, out NetlinkHeader header, out _))
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        if (!MemoryMarshal.TryRead(datagram[NetlinkHeader.Size..], out HoldHeader message))
            return RtnlResult.Error(Errno.EINVAL);
        switch (header.RtmType)
        {
            case NoOpType.RTM_GETNOOP:
                return Handle(in message);
            case NoOpType.RTM_NEWNOOP:
                _rtnl.EnterReadLock();
                try
                {
                    lock (_netLock)
                        return Handle(in message);
                }
                finally
                {
                    _rtnl.ExitReadLock();
                }
            case NoOpType.RTM_SETNOOP:
                _rtnl.EnterWriteLock();
                try
                {
                    return Handle(in message);
                }
                finally
                {
                    _rtnl.ExitWriteLock();
                }
            default:
                return RtnlResult.Error(Errno.EOPNOTSUPP);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static RtnlResult Handle(in HoldHeader message) => RtnlResult.Ok;
}
