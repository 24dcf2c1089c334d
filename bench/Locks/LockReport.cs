using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace SmallRtnl.Bench;

/// <summary>The rows of one run, with the machine and the commit they were measured on.</summary>
internal sealed record LockReport(string Machine, string Commit, IReadOnlyList<LockRow> Rows)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static LockReport Of(IReadOnlyList<LockRow> rows) => new(DescribeMachine(), Git("rev-parse", "--short=12", "HEAD") + (Git("status", "--porcelain", "--untracked-files=no") == "" ? "" : "+changes"), rows);

    public static LockReport Load(string file) => JsonSerializer.Deserialize<LockReport>(File.ReadAllText(file), s_json) ?? throw new InvalidDataException($"{file} holds no report.");

    public void Save(string file) => File.WriteAllText(file, JsonSerializer.Serialize(this, s_json) + "\n");

    private static string DescribeMachine()
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
