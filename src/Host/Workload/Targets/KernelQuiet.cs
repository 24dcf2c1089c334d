namespace SmallRtnl.Host;

/// <summary>
/// Waits until the kernel has removed the namespaces that were left: closing their last socket only queues that, for one thread of the
/// kernel's. A last namespace, queued behind them, takes a veth's near end with it, and the far one, which is where it can be looked
/// for, with that.
/// </summary>
internal static class KernelQuiet
{
    private const int NearIndex = 2;
    private const int FarIndex = 10;

    // Those that are queued together go together, links first: the second begins to go once the first and whatever went with it is gone.
    private const int Rounds = 2;

    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <exception cref="WorkloadException">It takes too long.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static void Wait(KernelTarget target, CancellationToken cancellation) => GoalRunner.OnThread(() =>
    {
        using var client = new WorkloadClient(target, pipeline: 1, cancellation);
        using var buffer = new ReceiveBuffer(1);
        target.CreateNamespace("holder", buffer);
        int number = LibC.Open("/proc/thread-self/ns/net", LibC.O_CLOEXEC);
        if (number < 0)
            throw new WorkloadException($"A network namespace cannot be opened: {LibC.LastError()}.");
        try
        {
            using WorkloadConnection holder = target.Open("holder", buffer);
            for (int round = 0; round < Rounds; round++)
            {
                WorkloadRequest pair = WorkloadScript.NewPair(NearIndex, "near", FarIndex + round, $"far{round}", (uint)number);
                using (WorkloadConnection last = client.Create("last"))
                    client.Execute(last, [pair]);
                Await(client, holder, FarIndex + round, cancellation);
            }
        }
        finally
        {
            _ = LibC.Close(number);
        }
        return true;
    });

    private static void Await(WorkloadClient client, WorkloadConnection holder, int index, CancellationToken cancellation)
    {
        long start = Environment.TickCount64;
        WorkloadRequest get = WorkloadScript.GetLink(index);
        while (true)
        {
            try
            {
                client.Execute(holder, [get]);
            }
            catch (WorkloadException exception) when (exception.Errno == Errno.ENODEV)
            {
                return;
            }
            if (Environment.TickCount64 - start > s_longest.TotalMilliseconds)
                throw new WorkloadException($"The kernel is still removing namespaces after {s_longest.TotalMinutes:0} minutes.");
            cancellation.WaitHandle.WaitOne(1);
        }
    }
}
