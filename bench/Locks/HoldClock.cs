using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace SmallRtnl.Bench;

/// <summary>
/// Holds of one length, to some 60 µs: the runtime's timers tick with the kernel's coarse clock, which is 4 ms where the kernel has HZ = 250, so
/// that <c>Task.Delay(1)</c> takes from 1 to 5 ms.
/// </summary>
/// <remarks>A thread of its own sleeps by clock_nanosleep until the oldest hold is over: all are equally long, so a queue keeps them in order.</remarks>
internal static partial class HoldClock
{
    public static readonly TimeSpan Length = TimeSpan.FromMilliseconds(1);

    private const int CLOCK_MONOTONIC = 1;
    private const int TIMER_ABSTIME = 1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    private static readonly Queue<(long End, Hold Hold)> s_holds = new();
    private static readonly Stack<Hold> s_idle = new();
    private static readonly SemaphoreSlim s_waiting = new(0);

    static HoldClock() => new Thread(Run) { IsBackground = true, Name = "hold clock", Priority = ThreadPriority.Highest }.Start();

    /// <summary>Completes after <see cref="Length"/>, on the thread pool.</summary>
    public static ValueTask WaitAsync()
    {
        Hold? hold;
        ValueTask waiting;
        lock (s_holds)
        {
            if (!s_idle.TryPop(out hold))
                hold = new Hold();
            waiting = hold.Begin();
            s_holds.Enqueue((Stopwatch.GetTimestamp() + (long)(Length.TotalSeconds * Stopwatch.Frequency), hold));
        }
        s_waiting.Release();
        return waiting;
    }

    private static void Run()
    {
        while (true)
        {
            s_waiting.Wait();
            (long End, Hold Hold) next;
            lock (s_holds)
                next = s_holds.Dequeue();
            // Stopwatch reads CLOCK_MONOTONIC in nanoseconds.
            var until = new TimeSpec(next.End / NanosecondsPerSecond, next.End % NanosecondsPerSecond);
            while (Stopwatch.GetTimestamp() < next.End)
                _ = SleepUntil(CLOCK_MONOTONIC, TIMER_ABSTIME, in until, 0);
            next.Hold.End();
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int SleepUntil(int clock, int flags, in TimeSpec until, nint remaining);

    private readonly record struct TimeSpec(long Seconds, long Nanoseconds);

    private sealed class Hold : IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

        public ValueTask Begin()
        {
            _core.Reset();
            return new ValueTask(this, _core.Version);
        }

        public void End() => _core.SetResult(true);

        public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _core.OnCompleted(continuation, state, token, flags);

        public void GetResult(short token)
        {
            _core.GetResult(token);
            lock (s_holds)
                s_idle.Push(this);
        }
    }
}
