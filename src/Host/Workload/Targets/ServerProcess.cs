using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace SmallRtnl.Host;

/// <summary>A <c>rtnl serve</c> of our own. It ends when we do, however that comes: its standard input is a pipe from us.</summary>
internal sealed class ServerProcess : IDisposable
{
    // Namespaces by the thousands go before it answers.
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(2);

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
        DirectoryInfo directory = TemporaryFolder.Create("rtnl-workload-");
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
        ServerProcess server;
        try
        {
            server = new ServerProcess(directory, Process.Start(start) ?? throw new WorkloadException($"{start.FileName} could not be started."), socket, report);
        }
        catch (Exception exception) when (exception is Win32Exception or WorkloadException)
        {
            directory.Delete(recursive: true);
            throw exception as WorkloadException ?? new WorkloadException($"{start.FileName} could not be started: {exception.Message}", exception);
        }
        try
        {
            if (waits && (server.ReadLine() is null || server.ReadLine() is null))
                throw new WorkloadException("The server did not start.");
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Has it count from now on, once all that was deleted is gone.</summary>
    /// <exception cref="WorkloadException">It has ended, or does not answer.</exception>
    public void RestartMeter() => Tell(ServeCommand.RestartLine);

    /// <summary>What it says of itself, once all that was deleted is gone.</summary>
    /// <exception cref="WorkloadException">It has ended, or does not answer.</exception>
    public TargetCost ReadMeter()
    {
        Tell(ServeCommand.ReportLine);
        using FileStream file = File.OpenRead(_report);
        return JsonSerializer.Deserialize(file, WorkloadJson.Default.ServerReport)!.Cost;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            EndInput();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
                _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        if (_directory.Exists)
            _directory.Delete(recursive: true);
    }

    private void Tell(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException exception)
        {
            throw new WorkloadException("The server has ended.", exception);
        }
        if (ReadLine() is null)
            throw new WorkloadException("The server has ended.");
    }

    private string? ReadLine()
    {
        Task<string?> line = _process.StandardOutput.ReadLineAsync();
        return line.Wait(s_longest) ? line.Result : throw new WorkloadException($"The server has not answered for {s_longest.TotalSeconds:0} s.");
    }

    private void EndInput()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended meanwhile.
        }
    }
}
