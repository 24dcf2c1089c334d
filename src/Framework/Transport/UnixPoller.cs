using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// A thread that waits for many files and reads from those that are ready, on the spot: a turn each, fairly by user. Before it sleeps it looks
/// again for a while, and lets others run in between: a client that is answered at once asks again at once, and putting both to sleep and waking
/// them up costs several times what the request costs.
/// </summary>
/// <remarks>
/// A handler that blocks the thread blocks it for its own connections only until <see cref="ReplaceIfStuck"/> has noticed; then another thread takes over.
/// </remarks>
internal sealed unsafe class UnixPoller : IDisposable
{
    private const int EPOLL_CTL_ADD = 1;
    private const int EPOLL_CTL_DEL = 2;
    private const int EPOLL_CTL_MOD = 3;
    private const uint EPOLLIN = 0x1;
    private const uint EPOLLOUT = 0x4;
    private const uint EPOLLERR = 0x8;
    private const uint EPOLLHUP = 0x10;

    // Beside those of epoll: the file has asked for another turn.
    private const uint TURN = 0x100_0000;

    private const int MaxEvents = 64;
    private const int MaxEventSize = 16;

    // struct epoll_event is packed on x86-64 only.
    private static readonly int s_dataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int s_eventSize = s_dataOffset + 8;

    // While many are ready: who becomes ready meanwhile is seen after so long, and one turn.
    private static readonly long s_lookInterval = WorkTurn.Quantum;

    private readonly FileHandle _epoll;
    private readonly FileHandle _wakeUp;
    private readonly TimeSpan _busyPoll;
    private readonly Action _awoken;
    private readonly Action<Exception> _failed;
    private readonly Lock _sync = new();
    private readonly Stack<int> _free = new();
    private readonly UnixReadyQueue _ready;
    private UnixPolled?[] _files = new UnixPolled?[16];
    private int _count = 1;
    private Thread? _thread;
    private volatile bool _asleep;
    private volatile bool _stopping;
    private int _progress;
    private int _progressSeen;

    /// <summary>Makes a poller; it begins with <see cref="Start"/>.</summary>
    /// <param name="number">Its number among the pollers.</param>
    /// <param name="busyPoll">How long it goes on looking after there was something.</param>
    /// <param name="awoken">Called whenever it wakes up from sleep.</param>
    /// <param name="failed">Called with what a file has thrown; the others are served on.</param>
    public UnixPoller(int number, TimeSpan busyPoll, Action awoken, Action<Exception> failed)
    {
        _ready = new UnixReadyQueue(number);
        _failed = failed;
        _busyPoll = busyPoll;
        _awoken = awoken;
        _epoll = Open(LinuxSystemCalls.CreateEpoll(LinuxSystemCalls.EPOLL_CLOEXEC));
        _wakeUp = Open(LinuxSystemCalls.CreateEvent(0, LinuxSystemCalls.SOCK_NONBLOCK | LinuxSystemCalls.SOCK_CLOEXEC));
        Control(EPOLL_CTL_ADD, _wakeUp, EPOLLIN, slot: 0);
    }

    /// <summary>Whether it has nothing to do and waits for the system.</summary>
    public bool IsAsleep => _asleep;

    public void Start()
    {
        lock (_sync)
        {
            if (_stopping)
                return;
            _thread = new Thread(Run) { IsBackground = true, Name = "rtnl poller" };
            _thread.Start();
        }
    }

    /// <summary>Watches a file for what is asked, or no longer; what has been seen of it may still be told.</summary>
    /// <param name="file">The file. Its calls must not overlap.</param>
    /// <param name="slot">What the last call returned; 0 at first.</param>
    /// <param name="readable">Whether something to read counts.</param>
    /// <param name="writable">Whether room to write counts.</param>
    /// <returns>By which it is known here; 0: not at all.</returns>
    public int Watch(UnixPolled file, int slot, bool readable, bool writable)
    {
        uint mask = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0);
        if (slot != 0 && mask != 0)
        {
            Control(EPOLL_CTL_MOD, file.Handle, mask, slot);
        }
        else if (slot != 0)
        {
            Control(EPOLL_CTL_DEL, file.Handle, 0, slot);
            lock (_sync)
            {
                _files[slot] = null;
                _free.Push(slot);
            }
            return 0;
        }
        else if (mask != 0)
        {
            slot = TakeSlot(file);
            Control(EPOLL_CTL_ADD, file.Handle, mask, slot);
        }
        return slot;
    }

    /// <summary>Gives a file another turn when it is due, and calls <see cref="UnixPolled.OnTurn"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="hasUsedTurn">Whether it has used up one.</param>
    public void GoOn(UnixPolled file, bool hasUsedTurn)
    {
        _ready.Add(file, TURN, hasUsedTurn);
        // Whoever falls asleep looks for us once it has said so: one of us sees the other.
        Interlocked.MemoryBarrier();
        if (_asleep)
            WakeUp();
    }

    /// <summary>Asked from time to time while it is awake: a thread that has not come back since the last time gets a successor.</summary>
    /// <returns>Whether it did.</returns>
    public bool ReplaceIfStuck()
    {
        int progress = Volatile.Read(ref _progress);
        bool stuck = !_asleep && progress == _progressSeen;
        _progressSeen = progress;
        if (stuck)
            Start();
        return stuck;
    }

    public void Dispose()
    {
        _stopping = true;
        WakeUp();
        Thread? thread;
        lock (_sync)
            thread = _thread;
        // One that is inside a handler ends when the handler does.
        if (thread is not null && thread != Thread.CurrentThread)
            thread.Join(TimeSpan.FromSeconds(1));
        _epoll.Dispose();
        _wakeUp.Dispose();
    }

    private static FileHandle Open(int descriptor) =>
        descriptor >= 0 ? new FileHandle(descriptor) : throw new IOException($"The server cannot wait for connections: {Marshal.GetPInvokeErrorMessage(LinuxSystemCalls.LastError)}.");

    private void Run()
    {
        Thread self = Thread.CurrentThread;
        byte* events = stackalloc byte[MaxEvents * MaxEventSize];
        var busyPoll = new BusyPoll(_busyPoll);
        long now = 0;
        long nextLook = 0;
        try
        {
            while (!_stopping && Volatile.Read(ref _thread) == self)
            {
                _progress++;
                if (!_ready.IsEmpty)
                {
                    if (now == 0 || now >= nextLook)
                    {
                        Enqueue(events, LinuxSystemCalls.WaitEpoll(_epoll, events, MaxEvents, 0));
                        now = Stopwatch.GetTimestamp();
                        nextLook = now + s_lookInterval;
                    }
                    now = TakeTurn(now);
                    continue;
                }
                now = 0;
                int count = LinuxSystemCalls.WaitEpoll(_epoll, events, MaxEvents, 0);
                if (count == 0)
                {
                    if (busyPoll.TryYield())
                        continue;
                    count = Sleep(events, self);
                }
                busyPoll.Reset();
                if (count == 1 && _ready.IsEmpty)
                {
                    if (FileOf(events, out uint mask) is { } file)
                        Handle(file, mask);
                    continue;
                }
                Enqueue(events, count);
                now = Stopwatch.GetTimestamp();
                nextLook = now + s_lookInterval;
            }
        }
        catch (ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private int TakeSlot(UnixPolled file)
    {
        lock (_sync)
        {
            if (!_free.TryPop(out int slot))
            {
                slot = _count++;
                if (slot == _files.Length)
                    Array.Resize(ref _files, 2 * slot);
            }
            _files[slot] = file;
            return slot;
        }
    }

    private int Sleep(byte* events, Thread self)
    {
        ThreadNote.Here.Context?.ForgetLast();
        _asleep = true;
        Interlocked.MemoryBarrier();
        // Somebody who had us go on may not have seen that we are about to sleep.
        int count = !_ready.IsEmpty ? 0 : LinuxSystemCalls.WaitEpoll(_epoll, events, MaxEvents, -1);
        // One that got a successor just before it slept says nothing of that one's sleep.
        if (Volatile.Read(ref _thread) == self)
        {
            _progress++;
            _asleep = false;
            _awoken();
        }
        return count;
    }

    /// <summary>Each waits for its turn, where a successor finds it.</summary>
    private void Enqueue(byte* events, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (FileOf(events + (i * s_eventSize), out uint mask) is { } file)
                _ready.Add(file, mask, isBehind: false);
        }
    }

    /// <summary>Handles the file whose turn it is.</summary>
    /// <returns>The time.</returns>
    private long TakeTurn(long now)
    {
        if (!_ready.TryTake(out UnixPolled file, out uint mask, out bool isBehind))
            return now;
        Handle(file, mask);
        long end = Stopwatch.GetTimestamp();
        _ready.Charge(file.User, isBehind, end - now);
        return end;
    }

    private UnixPolled? FileOf(byte* polled, out uint mask)
    {
        mask = *(uint*)polled;
        int slot = *(int*)(polled + s_dataOffset);
        if (slot == 0)
            ForgetWakeUp();
        return Volatile.Read(ref _files)[slot];
    }

    private void Handle(UnixPolled file, uint mask)
    {
        try
        {
            if ((mask & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0)
                file.OnWritable();
            if ((mask & TURN) != 0)
                file.OnTurn();
            else if ((mask & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0)
                file.OnReadable((mask & EPOLLHUP) != 0);
        }
        catch (ObjectDisposedException)
        {
            // Closed meanwhile, or the server stops, which the next look finds out.
        }
        catch (Exception exception)
        {
            _failed(exception);
        }
    }

    private void WakeUp()
    {
        ulong one = 1;
        try
        {
            _ = LinuxSystemCalls.Write(_wakeUp, &one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private void ForgetWakeUp()
    {
        ulong count;
        if (!_stopping)
            _ = LinuxSystemCalls.Read(_wakeUp, &count, sizeof(ulong));
    }

    private void Control(int operation, FileHandle file, uint mask, int slot)
    {
        byte* polled = stackalloc byte[MaxEventSize];
        *(uint*)polled = mask;
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(polled + s_dataOffset, sizeof(ulong)), (ulong)slot);
        // A file that has gone meanwhile is not watched any more either.
        _ = LinuxSystemCalls.ControlEpoll(_epoll, operation, file, polled);
    }
}
