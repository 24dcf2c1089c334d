using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SmallRtnl.Host;

/// <summary><c>rtnl serve</c>: the daemon.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Option<string?> socket = CommonOptions.Socket("Where to listen; default: $RTNL_SOCKET, else rtnl-USER.sock in the runtime directory.");
        Option<RtnlMode> mode = CommonOptions.Mode();
        var command = new Command("serve", "Serves rtnetlink on a Unix socket until interrupted.") { socket, mode };
        command.SetAction(async (result, cancellation) =>
        {
            string path = Path.GetFullPath(result.GetValue(socket) ?? CommonOptions.DefaultSocket());
            using IHost host = RtnlHost.Build(result.GetValue(mode), path, LogLevel.Information);
            try
            {
                await host.StartAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException)
            {
                await Console.Error.WriteLineAsync($"rtnl: cannot listen on {path}: {exception.Message}").ConfigureAwait(false);
                return 1;
            }
            Console.WriteLine($"Serving rtnetlink on {path} (mode {result.GetValue(mode)}).");
            Console.WriteLine($"Try: rtnl exec --socket {path} -- ip link");
            await host.WaitForShutdownAsync(cancellation).ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
