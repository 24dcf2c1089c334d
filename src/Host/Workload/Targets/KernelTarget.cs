using System.Diagnostics;
using System.Globalization;

namespace SmallRtnl.Host;

/// <summary>
/// The machine's own kernel, in namespaces that the clients' threads make for themselves and leave at once; the socket alone keeps a
/// namespace alive. Nothing outside them is touched. Needs CAP_SYS_ADMIN.
/// </summary>
internal sealed class KernelTarget : WorkloadTarget
{
    private readonly int _home;
    private long _bytesBefore;
    private long _bytesMost;

    /// <exception cref="WorkloadException">The caller may not make namespaces.</exception>
    public KernelTarget()
    {
        if (!OperatingSystem.IsLinux())
            throw new WorkloadException("--target kernel needs Linux.");
        if (LibC.GetEffectiveUserId() != 0)
            throw new WorkloadException("--target kernel makes network namespaces, which needs root: run it as root (sudo), or choose --target inproc or socket.");
        _home = LibC.Open("/proc/self/ns/net", LibC.O_CLOEXEC);
        if (_home < 0)
            throw new WorkloadException($"This process's network namespace cannot be opened: {LibC.LastError()}.");
    }

    public override string Name => WorkloadTargets.Kernel;

    /// <summary>The kind of the interfaces that stand alone: dummy, or ifb where this kernel has no dummy.</summary>
    /// <exception cref="WorkloadException">The caller may not make namespaces, or the kernel has neither.</exception>
    public static string SupportedKind()
    {
        try
        {
            Check("dummy");
            return "dummy";
        }
        catch (WorkloadException exception) when (exception.Errno == Errno.EOPNOTSUPP)
        {
            Check("ifb");
            return "ifb";
        }
    }

    /// <summary>Makes a namespace with an interface of a kind, to see whether it can.</summary>
    /// <exception cref="WorkloadException">The caller may not make namespaces, or the kernel has no such interface.</exception>
    public static void Check(string kind) => GoalRunner.OnThread(() =>
    {
        using var target = new KernelTarget();
        using var client = new WorkloadClient(target, pipeline: 1, CancellationToken.None);
        using WorkloadConnection connection = client.Create("probe");
        client.Execute(connection, [WorkloadScript.NewLink(2, $"{kind}0", kind)]);
        return true;
    });

    public override void CreateNamespace(string name, ReceiveBuffer buffer)
    {
        if (LibC.Unshare(LibC.CLONE_NEWNET) < 0)
            throw new WorkloadException($"No network namespace: {LibC.LastError()}.");
    }

    public override WorkloadConnection Open(string name, ReceiveBuffer buffer)
    {
        KernelConnection connection = KernelConnection.Open();
        // The thread must not stay: it would keep the namespace alive, and make the next one's sockets there.
        if (LibC.SetNamespace(_home, LibC.CLONE_NEWNET) == 0)
            return connection;
        string why = LibC.LastError();
        connection.Dispose();
        throw new WorkloadException($"The thread cannot return to its network namespace: {why}.");
    }

    public override void DeleteNamespace(string name, WorkloadConnection connection, ReceiveBuffer buffer) => connection.Dispose();

    public override void BeginMeasure(CancellationToken cancellation)
    {
        KernelQuiet.Wait(this, cancellation);
        _bytesBefore = MemoryOfKernel();
    }

    public override void AtPeak() => _bytesMost = MemoryOfKernel();

    public override TargetCost EndMeasure(CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        KernelQuiet.Wait(this, cancellation);
        return new TargetCost
        {
            PeakBytes = Math.Max(0, _bytesMost - _bytesBefore),
            PeakOf = "Slab + Percpu gained, whole machine",
            LastGoneMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds,
        };
    }

    public override void Dispose() => _ = LibC.Close(_home);

    /// <summary>What the kernel's allocators hold, the whole machine's.</summary>
    private static long MemoryOfKernel()
    {
        long kilobytes = 0;
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            if (line.StartsWith("Slab:", StringComparison.Ordinal) || line.StartsWith("Percpu:", StringComparison.Ordinal))
                kilobytes += long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        return kilobytes * 1024;
    }
}
