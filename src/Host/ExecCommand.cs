using System.CommandLine;
using Microsoft.Extensions.Hosting;

namespace SmallRtnl.Host;

/// <summary><c>rtnl exec</c>: runs an unmodified program against a server, its own if none is named.</summary>
internal static class ExecCommand
{
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

    private static async Task<int> RunAsync(string[] command, string? socket, string? netns, RtnlMode mode, CancellationToken cancellation)
    {
        if (ShimProcess.FindShim() is not { } shim)
        {
            await Console.Error.WriteLineAsync("rtnl: librtnl-shim.so is missing; build the solution with a C compiler (eng/setup.sh installs one).").ConfigureAwait(false);
            return 125;
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
