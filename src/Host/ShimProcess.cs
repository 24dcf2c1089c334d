using System.Diagnostics;

namespace SmallRtnl.Host;

/// <summary>Runs a program with the preload shim in front of its netlink sockets, and keeps what it prints.</summary>
internal static class ShimProcess
{
    /// <summary>The shim's path; null where the build had no C compiler.</summary>
    public static string? FindShim()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "librtnl-shim.so");
        return File.Exists(path) ? path : null;
    }

    /// <summary>Runs the program and keeps what it prints.</summary>
    public static async Task<string> CaptureAsync(IReadOnlyList<string> command, string shim, string socketPath, string? netns)
    {
        ProcessStartInfo start = StartInfo(command, shim, socketPath, netns);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        return output + await errors.ConfigureAwait(false);
    }

    private static ProcessStartInfo StartInfo(IReadOnlyList<string> command, string shim, string socketPath, string? netns)
    {
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false };
        foreach (string argument in command.Skip(1))
            start.ArgumentList.Add(argument);
        string? preload = Environment.GetEnvironmentVariable("LD_PRELOAD");
        start.Environment["LD_PRELOAD"] = string.IsNullOrEmpty(preload) ? shim : $"{shim}:{preload}";
        start.Environment[CommonOptions.SocketVariable] = socketPath;
        if (netns is not null)
            start.Environment[CommonOptions.NetnsVariable] = netns;
        else
            start.Environment.Remove(CommonOptions.NetnsVariable);
        return start;
    }
}
