using System.CommandLine;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;

namespace SmallRtnl.Host;

/// <summary><c>rtnl exec</c>: runs an unmodified program against a server, its own if none is named.</summary>
internal static class ExecCommand
{
    // As env(1) and its kin answer for themselves rather than for the program.
    private const int CannotStart = 125;

    public static Command Create()
    {
        Option<string?> socket = CommonOptions.Socket("The server; default: one of its own, which lives as long as the command.");
        var netns = new Option<string?>("--netns") { Description = "The namespace; default: the initial one.", HelpName = "NAME" };
        Option<RtnlMode> mode = CommonOptions.Mode();
        var arguments = new Argument<string[]>("command") { Description = "The program and its arguments.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("exec", "Runs a program whose netlink sockets are served by SmallRtnl. The exit code is the program's.")
        {
            socket, netns, mode, arguments,
        };
        command.SetAction((result, cancellation) =>
            RunAsync(result.GetValue(arguments)!, result.GetValue(socket), result.GetValue(netns), result.GetValue(mode), cancellation));
        return command;
    }

    /// <summary>What the program would only meet as a socket that cannot be opened.</summary>
    private static string? WhyUnreachable(string path, string? netns)
    {
        try
        {
            IReadOnlyList<string> names = new RtnlControlClient(path).ListNetns();
            return netns is null || names.Contains(netns) ? null : $"there is no namespace \"{netns}\" on {path}";
        }
        catch (SocketException)
        {
            return $"no server listens on {path}";
        }
    }

    private static async Task<int> RunAsync(string[] command, string? socket, string? netns, RtnlMode mode, CancellationToken cancellation)
    {
        if (ShimProcess.FindShim() is not { } shim)
        {
            await Console.Error.WriteLineAsync("rtnl: librtnl-shim.so is missing; build the solution with a C compiler (eng/setup.sh installs one).").ConfigureAwait(false);
            return CannotStart;
        }
        if (socket is not null && WhyUnreachable(Path.GetFullPath(socket), netns) is { } why)
        {
            await Console.Error.WriteLineAsync($"rtnl: {why}").ConfigureAwait(false);
            return CannotStart;
        }
        if (socket is not null)
            return await ShimProcess.RunAsync(command, shim, Path.GetFullPath(socket), netns).ConfigureAwait(false);

        DirectoryInfo directory = Directory.CreateTempSubdirectory("rtnl-");
        try
        {
            string path = Path.Combine(directory.FullName, "rtnl.sock");
            using IHost host = RtnlHost.Build(mode, path);
            await host.StartAsync(cancellation).ConfigureAwait(false);
            if (netns is not null)
                new RtnlControlClient(path).AddNetns(netns);
            int exitCode = await ShimProcess.RunAsync(command, shim, path, netns).ConfigureAwait(false);
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            return exitCode;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
