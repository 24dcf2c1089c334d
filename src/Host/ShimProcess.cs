using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SmallRtnl.Host;

/// <summary>Runs a program with the preload shim in front of its netlink sockets.</summary>
internal static class ShimProcess
{
    private const int CommandNotFound = 127;
    private const int CommandNotExecutable = 126;

    /// <summary>The shim's path; null where the build had no C compiler.</summary>
    public static string? FindShim()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "librtnl-shim.so");
        return File.Exists(path) ? path : null;
    }

    /// <summary>Runs the program to its end.</summary>
    /// <returns>Its exit code; 127 where it does not exist, 126 where it cannot be run, as shells answer.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> command, string shim, string socketPath, string? netns)
    {
        var start = StartInfo(command, shim, socketPath, netns);
        // Ctrl-C reaches the whole foreground group: the program decides what it means, and we wait for it.
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static context => context.Cancel = true);
        using PosixSignalRegistration quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, static context => context.Cancel = true);
        try
        {
            using Process process = Process.Start(start)!;
            using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
            {
                context.Cancel = true;
                process.Kill();
            });
            await process.WaitForExitAsync().ConfigureAwait(false);
            return process.ExitCode;
        }
        catch (Win32Exception exception)
        {
            bool notFound = exception.NativeErrorCode == (int)Errno.ENOENT;
            await Console.Error.WriteLineAsync($"rtnl: {command[0]}: {(notFound ? "command not found" : "cannot be run")}").ConfigureAwait(false);
            return notFound ? CommandNotFound : CommandNotExecutable;
        }
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
