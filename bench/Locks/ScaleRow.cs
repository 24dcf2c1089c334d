using System.Diagnostics;
using System.Runtime.InteropServices;
using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>Whether shared entries of several cores disturb each other.</summary>
internal static class ScaleRow
{
    public const string Id = "scale-cores";

    private const int Threads = 2;

    public static ResultRow Measure(LockPlan plan)
    {
        using var host = new BenchHost(RtnlMode.PerNet, nets: 1);
        var shared = new Counter();
        double[,] rounds = new double[6, plan.Repetitions];
        double bytes = 0;
        for (int i = 0; i < plan.Repetitions; i++)
        {
            rounds[0, i] = Cost(plan, 1, _ => new Entry(host.Gate), out _);
            rounds[1, i] = Cost(plan, Threads, _ => new Entry(host.Gate), out bytes);
            rounds[2, i] = Cost(plan, 1, _ => new Increment(shared), out _);
            rounds[3, i] = Cost(plan, Threads, _ => new Increment(shared), out _);
            rounds[4, i] = Cost(plan, 1, _ => new Increment(new Counter()), out _);
            rounds[5, i] = Cost(plan, Threads, _ => new Increment(new Counter()), out _);
        }
        double ours1 = Median(rounds, 0), ours2 = Median(rounds, 1);
        return new ResultRow(
            Id,
            $"the gate entered and left shared by {Threads} threads, each on a core of its own",
            "ns per thread",
            ours2,
            Median(rounds, 3),
            "one contended Interlocked.Increment by the same threads",
            bytes,
            $"entry and exit are two interlocked additions: 1 thread {ours1:0.0} ns, {Threads} threads {ours2:0.0} ns, {ours2 / ours1:0.00} of one thread's cost; the increment {Median(rounds, 2):0.0} and {Median(rounds, 3):0.0} ns; "
            + $"an increment of each thread's own {Median(rounds, 4):0.0} and {Median(rounds, 5):0.0} ns, which is what the machine's cores give at this time");
    }

    private static double Cost(LockPlan plan, int threads, Func<int, Operation> make, out double bytes)
    {
        Operation[] operations = [.. Enumerable.Range(0, threads).Select(make)];
        Thread[] running = [.. operations.Select(static operation => new Thread(operation.Run) { IsBackground = true })];
        foreach (Thread thread in running)
            thread.Start();
        Thread.Sleep(plan.WarmUp);
        long bytesBefore = GC.GetTotalAllocatedBytes(precise: true);
        long before = operations.Sum(static operation => operation.Count);
        long began = Stopwatch.GetTimestamp();
        Thread.Sleep(plan.Window / 4);
        long count = operations.Sum(static operation => operation.Count) - before;
        double nanoseconds = Stopwatch.GetElapsedTime(began).TotalNanoseconds;
        bytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - bytesBefore) / count;
        foreach (Operation operation in operations)
            operation.Stop();
        foreach (Thread thread in running)
            thread.Join();
        return nanoseconds * threads / count;
    }

    private static double Median(double[,] rounds, int row)
    {
        double[] sorted = [.. Enumerable.Range(0, rounds.GetLength(1)).Select(i => rounds[row, i]).Order()];
        return sorted[sorted.Length / 2];
    }

    /// <summary>A count with cache lines to itself.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Alone
    {
        [FieldOffset(128)]
        public long Value;
    }

    private sealed class Counter
    {
        private Alone _count;

        public void Increment() => Interlocked.Increment(ref _count.Value);
    }

    private abstract class Operation
    {
        private const int Batch = 1000;

        private Alone _count;
        private bool _stop;

        public long Count => Volatile.Read(ref _count.Value);

        public void Run()
        {
            while (!Volatile.Read(ref _stop))
            {
                Repeat(Batch);
                Volatile.Write(ref _count.Value, _count.Value + Batch);
            }
        }

        public void Stop() => Volatile.Write(ref _stop, true);

        protected abstract void Repeat(int times);
    }

    private sealed class Entry(RtnlGate gate) : Operation
    {
        protected override void Repeat(int times)
        {
            for (int i = 0; i < times; i++)
            {
                if (!gate.TryEnterShared(out int stripe))
                    throw new InvalidOperationException("The gate is closed.");
                gate.ExitShared(stripe);
            }
        }
    }

    private sealed class Increment(Counter counter) : Operation
    {
        protected override void Repeat(int times)
        {
            for (int i = 0; i < times; i++)
                counter.Increment();
        }
    }
}
