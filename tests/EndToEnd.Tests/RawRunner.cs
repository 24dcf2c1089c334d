namespace SmallRtnl.EndToEnd.Tests;

/// <summary>
/// Runs the scripts that speak rtnetlink themselves (<c>Scripts/raw-*.py</c>), in a kernel namespace of their own or under <c>rtnl exec</c>, and
/// reads what the kernel answered when it was recorded (<c>KernelOutcomes/raw</c>).
/// </summary>
internal static class RawRunner
{
    // Each brings processes of its own; in the kernel they mostly wait.
    private static readonly SemaphoreSlim Kernels = new(16), Servers = new(2);

    /// <summary>Why the scripts cannot run here, or null.</summary>
    public static string? WhyNot { get; } =
        Environment.GetEnvironmentVariable("PATH")?.Split(':').Any(folder => File.Exists(Path.Combine(folder, "python3"))) == true
            ? null
            : "There is no `python3` on this machine.";

    private static string Recordings { get; } = Path.Combine(Repository.Tests, "KernelOutcomes", "raw");

    /// <summary>The parts of a script that are recorded: "newlink-change" of raw-attributes.py is attributes-newlink-change.txt.</summary>
    public static IEnumerable<string> Parts(string script) =>
        Directory.EnumerateFiles(Recordings, $"{script}-*.txt").Select(path => Path.GetFileNameWithoutExtension(path)[(script.Length + 1)..]).Order(StringComparer.Ordinal);

    public static IReadOnlyList<Outcome> Recorded(string script, string part) => Outcome.Load(Path.Combine(Recordings, $"{script}-{part}.txt"));

    /// <summary>Asks this machine's kernel, where every pid is the script's own: a link that is sent to one stays where it is.</summary>
    public static Task<IReadOnlyList<Outcome>> Kernel(string script, string part) =>
        Run(Kernels, script, part, "kernel", [.. ListRunner.InNamespace, "unshare", "--pid", "--fork", "--"]);

    public static Task<IReadOnlyList<Outcome>> Server(string script, string part) =>
        Run(Servers, script, part, "server", Repository.Launcher, "exec", "--");

    private static async Task<IReadOnlyList<Outcome>> Run(SemaphoreSlim turn, string script, string part, string side, params string[] prefix)
    {
        await turn.WaitAsync();
        var result = Path.GetTempFileName();
        try
        {
            string[] command = [.. prefix, "python3", Path.Combine(Repository.Scripts, $"raw-{script}.py"), side, part, result];
            var (code, output) = await ListRunner.Execute(command);
            return code == 0
                ? Outcome.Load(result)
                : throw new InvalidOperationException($"{string.Join(' ', command)}\nended with {code}:\n{output}");
        }
        finally
        {
            File.Delete(result);
            turn.Release();
        }
    }
}
