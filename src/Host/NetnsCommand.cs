using System.CommandLine;
using System.Net.Sockets;

namespace SmallRtnl.Host;

/// <summary><c>rtnl netns add|del|list</c>: the namespaces of a running server.</summary>
internal static class NetnsCommand
{
    public static Command Create()
    {
        Option<string?> socket = CommonOptions.Socket("The server; default: $RTNL_SOCKET, else rtnl-USER.sock in the runtime directory.");
        socket.Recursive = true;
        var add = new Command("add", "Creates a namespace.");
        var delete = new Command("del", "Removes a namespace's name; it lives on while sockets are in it.");
        delete.Aliases.Add("delete");
        var list = new Command("list", "Lists the namespaces.");
        list.Aliases.Add("ls");
        Argument<string> addName = new("name") { Description = "Its name." };
        Argument<string> deleteName = new("name") { Description = "Its name." };
        add.Arguments.Add(addName);
        delete.Arguments.Add(deleteName);
        add.SetAction(result => Run(result.GetValue(socket), client => Report(client.AddNetns(result.GetValue(addName)!), "create", result.GetValue(addName)!)));
        delete.SetAction(result => Run(result.GetValue(socket), client => Report(client.DeleteNetns(result.GetValue(deleteName)!), "delete", result.GetValue(deleteName)!)));
        list.SetAction(result => Run(result.GetValue(socket), static client =>
        {
            foreach (string name in client.ListNetns())
                Console.WriteLine(name);
            return 0;
        }));
        return new Command("netns", "Network namespaces of a server.") { socket, add, delete, list };
    }

    private static int Run(string? socket, Func<RtnlControlClient, int> ask)
    {
        string path = socket ?? CommonOptions.DefaultSocket();
        try
        {
            return ask(new RtnlControlClient(path));
        }
        catch (SocketException)
        {
            Console.Error.WriteLine($"rtnl: no server listens on {path}");
            return 1;
        }
    }

    private static int Report(Errno errno, string verb, string name)
    {
        if (errno == Errno.None)
            return 0;
        Console.Error.WriteLine(errno switch
        {
            Errno.EEXIST => $"rtnl: cannot {verb} namespace \"{name}\": it exists",
            Errno.ENOENT => $"rtnl: cannot {verb} namespace \"{name}\": there is no such namespace",
            Errno.EPERM => $"rtnl: cannot {verb} namespace \"{name}\": permission denied",
            Errno.EINVAL => $"rtnl: cannot {verb} namespace \"{name}\": not a valid name",
            _ => $"rtnl: cannot {verb} namespace \"{name}\": {errno}",
        });
        return 1;
    }
}
