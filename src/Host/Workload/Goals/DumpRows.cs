using System.Diagnostics;
using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>Dumps of very many links and addresses over the socket against the kernel.</summary>
internal static class DumpRows
{
    private const int FullSize = 10_000;
    private const int FirstIndex = 10;
    private const int Dumps = 11;

    public static IEnumerable<ResultRow> Measure(GoalRunner runner, bool links, bool addresses)
    {
        int size = runner.Settings.Scale(FullSize);
        using var ours = new Bed(WorkloadTargets.Socket, 64, runner.Cancellation);
        using var kernel = new Bed(WorkloadTargets.Kernel, 64, runner.Cancellation);
        foreach (Bed bed in (Bed[])[ours, kernel])
        {
            bed.Execute([.. Enumerable.Range(0, size).Select(i => WorkloadScript.NewLink(FirstIndex + i, $"link{i}", runner.Kind))]);
            // Links that are down: no address but these, no route.
            if (addresses)
                bed.Execute([.. Enumerable.Range(0, size).Select(i => WorkloadScript.NewAddress(FirstIndex + i, InetAddress.FromIPv4(0x0a00_0001u + ((uint)i << 8)), 24))]);
        }
        if (links)
            yield return Row(runner, "dump-links", "links", WorkloadScript.DumpLinks(), size, ours, kernel);
        if (addresses)
            yield return Row(runner, "dump-addresses", "IPv4 addresses, one on each of as many links", WorkloadScript.DumpAddresses(ProtocolFamily.AF_INET), size, ours, kernel);
    }

    private static ResultRow Row(GoalRunner runner, string id, string what, WorkloadRequest dump, int size, Bed ours, Bed kernel)
    {
        // Dumps that are not counted: code is compiled meanwhile.
        TimeSpan warmUp = runner.Settings.Window * 2;
        foreach (Bed bed in (Bed[])[ours, kernel])
        {
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < warmUp;)
                bed.Execute([dump]);
        }
        kernel.BeginMeasure();
        ours.BeginMeasure();
        var (objects, bytes) = (ours.Objects, ours.Bytes);
        var (kernelObjects, kernelBytes) = (kernel.Objects, kernel.Bytes);
        var rates = new List<double>();
        var kernelRates = new List<double>();
        for (int i = 0; i < Dumps; i++)
        {
            runner.Cancellation.ThrowIfCancellationRequested();
            rates.Add(Rate(ours, dump, size));
            kernelRates.Add(Rate(kernel, dump, size));
        }
        TargetCost cost = ours.EndMeasure();
        TargetCost kernelCost = kernel.EndMeasure();
        objects = ours.Objects - objects;
        kernelObjects = kernel.Objects - kernelObjects;
        Spread rate = Spread.Of(rates);
        Spread kernelRate = Spread.Of(kernelRates);
        return new ResultRow(
            id,
            string.Create(CultureInfo.InvariantCulture, $"dump of {size:N0} {what}, socket"),
            "objects/s",
            rate.Median,
            kernelRate.Median,
            "kernel",
            (double?)cost.AllocatedBytes / objects,
            string.Create(
                CultureInfo.InvariantCulture,
                $"ours {rate}, {Answered(objects, ours.Bytes - bytes)}; kernel {kernelRate}, {Answered(kernelObjects, kernel.Bytes - kernelBytes)}; processor an object: ours tool {cost.ToolCpuSeconds / objects * 1e6:0.00}, server {cost.ServerCpuSeconds / objects * 1e6:0.00} µs, kernel tool {kernelCost.ToolCpuSeconds / kernelObjects * 1e6:0.00} µs; warm-up {warmUp.TotalSeconds:0.##} s on each side{WorkloadRows.PatienceOf(WorkloadTargets.Socket)}"));
    }

    private static string Answered(long objects, long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{(double)objects / Dumps:N0} objects a dump of {(double)bytes / objects:0} B each");

    private static double Rate(Bed bed, WorkloadRequest dump, int atLeast)
    {
        long before = bed.Objects;
        long start = Stopwatch.GetTimestamp();
        bed.Execute([dump]);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        long objects = bed.Objects - before;
        return objects >= atLeast ? objects / elapsed.TotalSeconds : throw new WorkloadException($"{dump.Kind}: {objects} objects rather than {atLeast} at least.");
    }
}
