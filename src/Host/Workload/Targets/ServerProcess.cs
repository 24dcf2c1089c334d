using System.Diagnostics;
using System.Text.Json;

namespace SmallRtnl.Host;

/// <summary>A <c>rtnl serve</c> of our own. It ends when we do, however that comes: its standard input is a pipe from us.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly DirectoryInfo _directory;
    private readonly Process _process;
    private readonly string _report;

    private ServerProcess(DirectoryInfo directory, Process process, string socket, string report)
    {
        _directory = directory;
        _process = process;
        _report = report;
        Address = new UnixAddress(socket);
    }

    public UnixAddress Address { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts one.</summary>
    /// <param name="options">How.</param>
    /// <param name="program">The tool; null: this one.</param>
    /// <param name="waits">Whether to wait until it listens.</param>
    /// <exception cref="WorkloadException">It does not start.</exception>
    public static ServerProcess Start(ServerOptions options, string? program = null, bool waits = true)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("rtnl-workload-");
        string socket = Path.Combine(directory.FullName, "rtnl.sock");
        string report = Path.Combine(directory.FullName, "report.json");
        var start = new ProcessStartInfo(program ?? Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // Run as "dotnet rtnl.dll", the program is dotnet's.
        if (program is null && Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "rtnl.dll"));
        foreach (string argument in (string[])["serve", "--socket", socket, "--report", report, ServeCommand.ParentOption, .. options.Arguments])
            start.ArgumentList.Add(argument);
        Process process = Process.Start(start) ?? throw new WorkloadException("The server could not be started.");
        var server = new ServerProcess(directory, process, socket, report);
        if (waits && (process.StandardOutput.ReadLine() is null || process.StandardOutput.ReadLine() is null))
        {
            server.Dispose();
            throw new WorkloadException("The server did not start.");
        }
        return server;
    }

    /// <summary>Has it count from now on.</summary>
    public void RestartMeter()
    {
        _process.StandardInput.WriteLine();
        _process.StandardInput.Flush();
        if (_process.StandardOutput.ReadLine() is null)
            throw new WorkloadException("The server has ended.");
    }

    /// <summary>Ends it.</summary>
    /// <returns>What it says of itself.</returns>
    public TargetCost Stop()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        if (_process.ExitCode != 0 || !File.Exists(_report))
            throw new WorkloadException($"The server ended with {_process.ExitCode}.");
        using FileStream file = File.OpenRead(_report);
        return JsonSerializer.Deserialize(file, WorkloadJson.Default.ServerReport)!.Cost;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
                _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        if (_directory.Exists)
            _directory.Delete(recursive: true);
    }
}
