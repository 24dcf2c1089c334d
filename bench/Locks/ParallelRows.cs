using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>Requests in disjoint namespaces: what their own locks gain over the big one.</summary>
internal static class ParallelRows
{
    public const string AwaitId = "parallel-await-64";
    public const string CpuId = "parallel-cpu-2";

    private const int InFlight = 64;
    private const int Cores = 2;

    private static readonly TimeSpan s_work = TimeSpan.FromMicroseconds(100);
    private static readonly byte[] s_converted = RequestWorker.Request(HoldType.RTM_NEWHOLD);
    private static readonly byte[] s_unconverted = RequestWorker.Request(HoldType.RTM_DELHOLD);
    private static readonly byte[] s_compute = RequestWorker.Request(HoldType.RTM_SETHOLD);

    public static readonly int[] Percentages = [1, 10, 50, 90, 99];

    public static string GradualId(int percent) => $"gradual-{percent}";

    public static ResultRow Cpu(LockPlan plan)
    {
        var work = CpuWork.Of(s_work);
        (Sample ours, Sample baseline, double lowest, double highest) = Throughput.Compare(
            plan,
            () => Run(plan, RtnlMode.PerNet, Cores, static _ => static () => s_compute, work),
            () => Run(plan, RtnlMode.BigLock, Cores, static _ => static () => s_compute, work));
        return Row(CpuId, $"{Cores} workers, namespaces of their own, handlers that compute for {s_work.TotalMicroseconds:0} µs", "mode BigLock", ours, baseline, lowest, highest);
    }

    public static ResultRow Await(LockPlan plan)
    {
        (Sample ours, Sample baseline, double lowest, double highest) = Throughput.Compare(
            plan,
            () => Run(plan, RtnlMode.PerNet, InFlight, static _ => static () => s_converted),
            () => Run(plan, RtnlMode.BigLock, InFlight, static _ => static () => s_converted));
        return Row(AwaitId, $"{InFlight} requests in flight in {InFlight} namespaces, handlers that wait for {HoldClock.Length.TotalMilliseconds:0} ms under their lock", "mode BigLock", ours, baseline, lowest, highest);
    }

    public static ResultRow Gradual(LockPlan plan, int percent)
    {
        (Sample ours, Sample baseline, double lowest, double highest) = Throughput.Compare(
            plan,
            () => Run(plan, RtnlMode.PerNet, InFlight, worker => Mixed(worker, percent)),
            () => Run(plan, RtnlMode.PerNet, InFlight, static _ => static () => s_unconverted));
        return Row(GradualId(percent), $"the same, {percent} % of the requests to converted handlers, the others to handlers under Rtnl", "none converted", ours, baseline, lowest, highest);
    }

    private static Func<byte[]> Mixed(int worker, int percent)
    {
        var random = new Random(worker);
        return () => random.Next(100) < percent ? s_converted : s_unconverted;
    }

    private static Sample Run(LockPlan plan, RtnlMode mode, int workers, Func<int, Func<byte[]>> requests, CpuWork? work = null)
    {
        using var host = new BenchHost(mode, workers, work: work);
        return Throughput.Measure([.. host.Nets.Select((net, i) => new RequestWorker(host, net, requests(i)))], plan, plan.Window);
    }

    private static ResultRow Row(string id, string what, string baselineName, Sample ours, Sample baseline, double lowest, double highest) => new(
        id,
        what,
        "requests/s",
        ours.PerSecond,
        baseline.PerSecond,
        baselineName,
        ours.Bytes,
        $"ratios of the pairs {lowest:0.00} to {highest:0.00}");
}
