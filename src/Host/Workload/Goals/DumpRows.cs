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

    // Dumps of the server's that are not counted: its code is compiled meanwhile.
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(2);

    public static IEnumerable<ResultRow> Measure(GoalRunner runner, bool links, bool addresses)
    {
        int size = runner.Settings.Scale(FullSize);
        using var ours = new Bed(WorkloadTargets.Socket, 64);
        using var kernel = new Bed(WorkloadTargets.Kernel, 64);
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
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < s_warmUp;)
            ours.Execute([dump]);
        kernel.Execute([dump]);
        var rates = new List<double>();
        var kernelRates = new List<double>();
        for (int i = 0; i < Dumps; i++)
        {
            runner.Cancellation.ThrowIfCancellationRequested();
            rates.Add(Rate(ours, dump, size));
            kernelRates.Add(Rate(kernel, dump, size));
        }
        Spread rate = Spread.Of(rates);
        Spread kernelRate = Spread.Of(kernelRates);
        return new ResultRow(
            id,
            string.Create(CultureInfo.InvariantCulture, $"dump of {size:N0} {what}, socket"),
            "objects/s",
            rate.Median,
            kernelRate.Median,
            "kernel",
            0,
            $"ours {rate}; kernel {kernelRate}");
    }

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
