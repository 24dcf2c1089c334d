using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SmallRtnl.Results;

/// <summary>The rows of one run, with the machine and the commit they were measured on.</summary>
internal sealed record ResultReport(string Machine, string Commit, IReadOnlyList<ResultRow> Rows)
{
    /// <param name="rows">What was measured.</param>
    /// <param name="isQuick">Only to see whether everything runs: no row reaches or misses its goal.</param>
    public static ResultReport Of(IReadOnlyList<ResultRow> rows, bool isQuick = false) =>
        new(DescribeMachine(), DescribeCommit(), isQuick ? [.. rows.Select(static row => row with { IsOffGoal = true })] : rows);

    public static ResultReport Load(string file) => JsonSerializer.Deserialize(File.ReadAllText(file), ResultJson.Default.ResultReport) ?? throw new InvalidDataException($"{file} holds no report.");

    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, ResultJson.Default.ResultReport) + "\n");

    /// <summary>The working tree's commit.</summary>
    public static string DescribeCommit() => Git("rev-parse", "--short=12", "HEAD") + (Git("status", "--porcelain", "--untracked-files=no") == "" ? "" : "+changes");

    /// <summary>Processor, system, runtime, and what else the machine was doing.</summary>
    public static string DescribeMachine()
    {
        string model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor"
            : "unknown processor";
        string load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        return string.Create(CultureInfo.InvariantCulture, $"{model}, {Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, .NET {Environment.Version}, load {load} at the end");
    }

    private static string Git(params string[] arguments)
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string output = git.StandardOutput.ReadToEnd().Trim();
            git.WaitForExit();
            return git.ExitCode == 0 ? output : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
