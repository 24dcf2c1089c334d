using System.Collections.Concurrent;
using System.Diagnostics;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Runs lists of commands (<c>Scripts/*.txt</c>): once in a fresh kernel namespace, once under <c>rtnl exec</c>.</summary>
internal static class ListRunner
{
    private static readonly ConcurrentDictionary<(string Side, string List), Lazy<Task<IReadOnlyList<Outcome>>>> Runs = new();

    // A kernel run mostly sleeps, a server's run brings a process of its own.
    private static readonly SemaphoreSlim Kernels = new(24), Servers = new(3);

    /// <summary>
    /// What stands before a command that asks the kernel: a network namespace, and file systems of its own with nothing in /run, so that
    /// <c>ip netns</c> finds and leaves nothing on the machine.
    /// </summary>
    internal static string[] InNamespace { get; } = ["unshare", "-nm", "--", "sh", "-c", "mount -t tmpfs none /run && exec \"$@\"", "in-namespace"];

    /// <summary>Why this machine's kernel cannot be asked, or null.</summary>
    public static string? WhyNoKernel { get; } = FindWhyNoKernel();

    /// <summary>Set to compare with the recorded answers (<c>KernelOutcomes</c>) instead of this machine's kernel.</summary>
    private static bool UsesRecordings => Environment.GetEnvironmentVariable("RTNL_ORACLE") == "recorded";

    /// <summary>The names of the lists that are <paramref name="wanted"/>.</summary>
    public static IEnumerable<string> Lists(Func<string, bool> wanted) =>
        Directory.EnumerateFiles(Repository.Scripts, "*.txt")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(wanted)
            .Order(StringComparer.Ordinal);

    /// <summary>Starts the runs of <paramref name="lists"/>, so that they overlap; <see cref="Kernel"/> and <see cref="Server"/> wait for theirs.</summary>
    public static void Start(IEnumerable<string> lists)
    {
        foreach (var list in lists)
        {
            if (WhyNoKernel is null)
                _ = Kernel(list);
            _ = Server(list);
        }
    }

    public static Task<IReadOnlyList<Outcome>> Kernel(string list) =>
        UsesRecordings
            ? Task.FromResult(Recorded(list))
            : Run("kernel", list, Kernels, InNamespace);

    /// <summary>What the kernel answered when it was recorded.</summary>
    public static IReadOnlyList<Outcome> Recorded(string list) => Outcome.Load(Path.Combine(Repository.Tests, "KernelOutcomes", list + ".txt"));

    public static Task<IReadOnlyList<Outcome>> Server(string list) =>
        Run("server", list, Servers, Repository.Launcher, "exec", "--");

    private static Task<IReadOnlyList<Outcome>> Run(string side, string list, SemaphoreSlim turn, params string[] prefix) =>
        Runs.GetOrAdd((side, list), _ => new(() => Task.Run(async () =>
        {
            await turn.WaitAsync().WithinAsync($"a turn to run {list}", TimeSpan.FromMinutes(8));
            try
            {
                return await RunNow(side, list, prefix);
            }
            finally
            {
                turn.Release();
            }
        }))).Value;

    private static async Task<IReadOnlyList<Outcome>> RunNow(string side, string list, string[] prefix)
    {
        var result = Path.GetTempFileName();
        try
        {
            string[] command = [.. prefix, "sh", Path.Combine(Repository.Scripts, "run-list.sh"), side,
                Path.Combine(Repository.Scripts, list + ".txt"), result];
            var (code, output) = await Execute(command);
            return code == 0
                ? Outcome.Load(result)
                : throw new InvalidOperationException($"{string.Join(' ', command)}\nended with {code}:\n{output}");
        }
        finally
        {
            File.Delete(result);
        }
    }

    internal static async Task<(int Code, string Output)> Execute(string[] command)
    {
        if (command[0] == Repository.Launcher && !File.Exists(command[0]))
            throw new FileNotFoundException($"No launcher at {command[0]}: set RTNL_LAUNCHER, or restore `rtnl` in the repository's root.");

        var start = new ProcessStartInfo(command[0], command[1..]);
        var (code, output, error) = await Patience.RunAsync(start, TimeSpan.FromSeconds(300));
        return (code, output + error);
    }

    private static string? FindWhyNoKernel()
    {
        if (!OperatingSystem.IsLinux())
            return "The kernel as oracle needs Linux.";
        if (Environment.GetEnvironmentVariable("PATH")?.Split(':').Any(folder => File.Exists(Path.Combine(folder, "ip"))) != true)
            return "There is no `ip` (iproute2) on this machine.";
        if (UsesRecordings)
            return null;
        try
        {
            var (code, output) = Execute([.. InNamespace, "ip", "link", "set", "lo", "up"]).GetAwaiter().GetResult();
            return code == 0 ? null : $"`unshare -nm` is not permitted here: {output.Trim()}";
        }
        catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or TimeoutException)
        {
            return $"`unshare -nm` does not run here: {problem.Message}";
        }
    }
}
