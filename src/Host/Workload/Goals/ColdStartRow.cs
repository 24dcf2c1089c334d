using System.Diagnostics;
using System.Globalization;
using SmallRtnl.Results;

namespace SmallRtnl.Host;

/// <summary>From the start of <c>rtnl serve</c> to the first answer.</summary>
internal static class ColdStartRow
{
    private const int FullStarts = 15;
    private const double Goal = 150;

    public static IEnumerable<ResultRow> Measure(GoalRunner runner, string? program)
    {
        int starts = runner.Settings.IsFull ? FullStarts : 2;
        Spread time = Spread.Of(Enumerable.Range(0, starts).Select(_ => Start(program)).ToArray());
        yield return new ResultRow(
            "cold-start",
            $"start of rtnl serve to the first answer, {(program is null ? "this tool as it is" : program)}",
            "ms",
            time.Median,
            Goal,
            "the goal",
            0,
            string.Create(CultureInfo.InvariantCulture, $"{time}"));
    }

    private static double Start(string? program)
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
            catch (WorkloadException) when (!server.HasExited)
            {
                Thread.Sleep(1);
            }
        }
    }
}
