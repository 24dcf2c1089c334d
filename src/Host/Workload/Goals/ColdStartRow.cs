using System.Diagnostics;
using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>From the start of <c>rtnl serve</c> to the first answer.</summary>
internal static class ColdStartRow
{
    private const int FullStarts = 15;
    private const double Goal = 150;

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(30);

    public static IEnumerable<ResultRow> Measure(GoalRunner runner, string? program)
    {
        int starts = runner.Settings.IsFull ? FullStarts : 2;
        Spread time = Spread.Of(Enumerable.Range(0, starts).Select(_ => Start(program, runner.Cancellation)).ToArray());
        yield return new ResultRow(
            "cold-start",
            $"start of rtnl serve to the first answer, {(program is null ? "this tool as it is" : program)}",
            "ms",
            time.Median,
            Goal,
            "the goal",
            null,
            time.ToString())
        {
            // The goal is a published tool's, which this one is not known to be.
            IsOffGoal = program is null,
        };
    }

    private static double Start(string? program, CancellationToken cancellation)
    {
        using var buffer = new ReceiveBuffer(1);
        long start = Stopwatch.GetTimestamp();
        using ServerProcess server = ServerProcess.Start(new ServerOptions(RtnlMode.PerNet), program, waits: false);
        while (true)
        {
            try
            {
                using SocketConnection connection = SocketConnection.Open(server.Address, "", buffer);
                byte[] request = new byte[WorkloadConnection.HeadRoom + 512];
                WorkloadRequest dump = WorkloadScript.DumpLinks();
                dump.Bytes.CopyTo(request, WorkloadConnection.HeadRoom);
                connection.Send(request, WorkloadConnection.HeadRoom, dump.Bytes.Length);
                if (connection.Receive(buffer, 0).Length < NetlinkHeader.Size)
                    throw new WorkloadException("The first answer is no netlink message.");
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            catch (WorkloadException exception)
            {
                cancellation.ThrowIfCancellationRequested();
                if (server.HasExited || Stopwatch.GetElapsedTime(start) > s_longest)
                    throw new WorkloadException($"{program ?? "The server"} {(server.HasExited ? "ended before it answered" : "does not answer")}: is it rtnl?", exception);
                Thread.Sleep(1);
            }
        }
    }
}
