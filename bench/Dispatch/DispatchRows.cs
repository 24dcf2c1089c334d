using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Bench;

/// <summary>A group of rows that are made of the same benchmarks.</summary>
/// <param name="Types">The classes of benchmarks.</param>
/// <param name="Ids">The rows.</param>
/// <param name="Make">Makes them of the results.</param>
/// <param name="Launches">In how many processes.</param>
internal sealed record DispatchPart(Type[] Types, string[] Ids, Func<FreeResults, IEnumerable<ResultRow>> Make, int Launches = 1);

/// <summary>The rows of dispatch and codec, by BenchmarkDotNet. The ratio is time, ours / baseline.</summary>
internal static class DispatchRows
{
    private const string Unit = "ns";

    /// <summary>All parts, in the order in which they are measured.</summary>
    public static readonly IReadOnlyList<DispatchPart> Parts =
    [
        new([typeof(UnlockedDispatchBenchmarks)], ["dispatch-unlocked"], Unlocked),
        new([typeof(LockedDispatchBenchmarks)], ["dispatch-pernet", "dispatch-rtnl"], Locked),
        new([typeof(OverheadBenchmarks)], ["dispatch-overhead"], Overhead, Launches: 3),
        new([typeof(ParseBenchmarks)], ["parse-newaddr", "parse-newroute", "parse-newlink"], Parse, Launches: 3),
        new([typeof(WriteBenchmarks)], ["write-newaddr", "write-newroute", "write-newlink"], Write),
        new([typeof(DumpBenchmarks)], ["dump-10000-links", "dump-10000-addresses"], Dump),
    ];

    /// <summary>Every row's id.</summary>
    public static IEnumerable<string> Ids => Parts.SelectMany(static part => part.Ids);

    /// <summary>Measures the rows named; all of them where none is.</summary>
    public static IEnumerable<ResultRow> Measure(LockPlan plan, IReadOnlyCollection<string> only)
    {
        foreach (DispatchPart part in Parts)
        {
            if (only.Count > 0 && !part.Ids.Any(only.Contains))
                continue;
            FreeResults results = BenchJobs.Run(plan, $"{part.Ids[0]}.log", part.Types, part.Launches, BenchJobs.Off, BenchJobs.Checked);
            foreach (ResultRow row in part.Make(results))
            {
                if (only.Count == 0 || only.Contains(row.Id))
                    yield return row;
            }
        }
    }

    private static IEnumerable<ResultRow> Unlocked(FreeResults results)
    {
        FreeResult asStruct = results.Of<UnlockedDispatchBenchmarks>(BenchJobs.Off, nameof(UnlockedDispatchBenchmarks.MediatorStruct));
        FreeResult asObject = results.Of<UnlockedDispatchBenchmarks>(BenchJobs.Off, nameof(UnlockedDispatchBenchmarks.MediatorObject));
        bool isStruct = asStruct.Nanoseconds < asObject.Nanoseconds;
        FreeResult socket = results.Of<UnlockedDispatchBenchmarks>(BenchJobs.Off, nameof(UnlockedDispatchBenchmarks.Socket));
        FreeResult acknowledged = results.Of<UnlockedDispatchBenchmarks>(BenchJobs.Off, nameof(UnlockedDispatchBenchmarks.SocketAcknowledged));
        ResultRow row = Row<UnlockedDispatchBenchmarks>(
            results,
            "dispatch-unlocked",
            "an Unlocked doit that does nothing: header check, lookup, thunk, result",
            $"Mediator 3.0.2, {(isStruct ? "a struct" : "an object made once")}, and the same header check",
            nameof(UnlockedDispatchBenchmarks.Ours),
            isStruct ? nameof(UnlockedDispatchBenchmarks.MediatorStruct) : nameof(UnlockedDispatchBenchmarks.MediatorObject));
        yield return row with
        {
            Note = row.Note + string.Create(
                CultureInfo.InvariantCulture,
                $"; Mediator with a struct {asStruct.Nanoseconds:0.0}, with an object {asObject.Nanoseconds:0.0} ns; ours from the socket on {socket.Nanoseconds:0.0} ns, acknowledged and received {acknowledged.Nanoseconds:0.0} ns ({acknowledged.Bytes:0} B)"),
        };
    }

    private static IEnumerable<ResultRow> Locked(FreeResults results)
    {
        yield return Row<LockedDispatchBenchmarks>(
            results,
            "dispatch-pernet",
            "a PerNet doit that does nothing",
            "switch, ReaderWriterLockSlim read + Lock",
            nameof(LockedDispatchBenchmarks.PerNet),
            nameof(LockedDispatchBenchmarks.SwitchPerNet));
        yield return Row<LockedDispatchBenchmarks>(
            results,
            "dispatch-rtnl",
            "an Rtnl doit that does nothing",
            "switch, ReaderWriterLockSlim write",
            nameof(LockedDispatchBenchmarks.Rtnl),
            nameof(LockedDispatchBenchmarks.SwitchRtnl));
    }

    private static IEnumerable<ResultRow> Overhead(FreeResults results)
    {
        ResultRow row = Row<OverheadBenchmarks>(
            results,
            "dispatch-overhead",
            "a PerNet doit that does nothing, by the generated path",
            "the same written by hand on the same runtime",
            nameof(OverheadBenchmarks.Generated),
            nameof(OverheadBenchmarks.HandWritten));
        yield return row with { Note = string.Create(CultureInfo.InvariantCulture, $"{row.Ours - row.Baseline:+0.00;-0.00} ns; {row.Note}") };
    }

    private static IEnumerable<ResultRow> Parse(FreeResults results)
    {
        const string ByHand = "a span parser written by hand";
        yield return Row<ParseBenchmarks>(results, "parse-newaddr", "parse and policy of a NEWADDR: two addresses, broadcast, label", ByHand, nameof(ParseBenchmarks.NewAddress), nameof(ParseBenchmarks.NewAddressByHand));
        yield return Row<ParseBenchmarks>(results, "parse-newroute", "parse and policy of a NEWROUTE: destination, gateway, metric, device", ByHand, nameof(ParseBenchmarks.NewRoute), nameof(ParseBenchmarks.NewRouteByHand));
        yield return Row<ParseBenchmarks>(results, "parse-newlink", "parse and policy of a NEWLINK: veth, its peer, name, MTU", ByHand, nameof(ParseBenchmarks.NewLink), nameof(ParseBenchmarks.NewLinkByHand));
    }

    private static IEnumerable<ResultRow> Write(FreeResults results)
    {
        const string ByHand = "a span writer written by hand";
        yield return Row<WriteBenchmarks>(results, "write-newaddr", "write the NEWADDR", ByHand, nameof(WriteBenchmarks.NewAddress), nameof(WriteBenchmarks.NewAddressByHand));
        yield return Row<WriteBenchmarks>(results, "write-newroute", "write the NEWROUTE", ByHand, nameof(WriteBenchmarks.NewRoute), nameof(WriteBenchmarks.NewRouteByHand));
        yield return Row<WriteBenchmarks>(results, "write-newlink", "write the NEWLINK", ByHand, nameof(WriteBenchmarks.NewLink), nameof(WriteBenchmarks.NewLinkByHand));
    }

    private static IEnumerable<ResultRow> Dump(FreeResults results)
    {
        yield return DumpRow(results, "dump-10000-links", "links", nameof(DumpBenchmarks.Links), nameof(DumpBenchmarks.LinksCopied));
        yield return DumpRow(results, "dump-10000-addresses", "addresses", nameof(DumpBenchmarks.Addresses), nameof(DumpBenchmarks.AddressesCopied));
    }

    private static ResultRow DumpRow(FreeResults results, string id, string what, string ours, string baseline)
    {
        ResultRow row = Row<DumpBenchmarks>(results, id, $"a dump of {DumpBenchmarks.Objects:N0} {what} in process", "a copy of the same bytes", ours, baseline);
        return row with
        {
            Note = string.Create(CultureInfo.InvariantCulture, $"{DumpBenchmarks.Objects / row.Ours * 1e9:N0} objects a second, {row.Bytes:N0} B a dump; {row.Note}"),
        };
    }

    private static ResultRow Row<T>(FreeResults results, string id, string what, string baselineName, string ours, string baseline)
    {
        FreeResult off = results.Of<T>(BenchJobs.Off, ours);
        FreeResult other = results.Of<T>(BenchJobs.Off, baseline);
        FreeResult withChecks = results.Of<T>(BenchJobs.Checked, ours);
        string note = string.Create(
            CultureInfo.InvariantCulture,
            $"standard errors {off.Error:0.00} and {other.Error:0.00} ns; the baseline allocates {other.Bytes:0} B; ours with assertions throwing and statistics on {withChecks.Nanoseconds:0.0} ns");
        return new ResultRow(id, what, Unit, off.Nanoseconds, other.Nanoseconds, baselineName, off.Bytes, note);
    }
}
