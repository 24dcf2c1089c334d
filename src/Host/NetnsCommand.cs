using System.CommandLine;

namespace SmallRtnl.Host;

/// <summary><c>rtnl netns add|del|list</c>: the namespaces of a running server.</summary>
internal static class NetnsCommand
{
    public static Command Create()
    {
        Option<string?> socket = CommonOptions.Socket($"The server; default: {SocketPaths.Described}.");
        socket.Recursive = true;
        Option<uint?> trust = CommonOptions.TrustServer();
        trust.Recursive = true;
        var add = new Command("add", "Creates a namespace.");
        var delete = new Command("del", "Removes a namespace's name; it lives on while sockets are in it.");
        delete.Aliases.Add("delete");
        var list = new Command("list", "Lists the namespaces.");
        list.Aliases.Add("ls");
        Argument<string> addName = new("name") { Description = "Its name." };
        Argument<string> deleteName = new("name") { Description = "Its name." };
        add.Arguments.Add(addName);
        delete.Arguments.Add(deleteName);
        add.SetAction(result => Run(result.GetValue(socket), result.GetValue(trust), client => Report(client.AddNetns(result.GetValue(addName)!), "create", result.GetValue(addName)!)));
        delete.SetAction(result => Run(result.GetValue(socket), result.GetValue(trust), client => Report(client.DeleteNetns(result.GetValue(deleteName)!), "delete", result.GetValue(deleteName)!)));
        list.SetAction(result => Run(result.GetValue(socket), result.GetValue(trust), static client =>
        {
            foreach (string name in client.ListNetns())
                Console.WriteLine(Printable.Escape(name));
            return 0;
        }));
        return new Command("netns", "Network namespaces of a server.") { socket, trust, add, delete, list };
    }

    private static int Run(string? socket, uint? trusted, Func<RtnlControlClient, int> ask)
    {
        string path = socket ?? SocketPaths.ForClient();
        if (ServerAddress.WhyImpossible(path) is { } impossible)
            return Complaint.Say(impossible);
        try
        {
            return ask(new RtnlControlClient(path) { TrustedServer = trusted });
        }
        catch (Exception exception) when (ServerAddress.WhyUnreachable(path, exception) is { } why)
        {
            return Complaint.Say(why);
        }
    }

    private static int Report(Errno errno, string verb, string name)
    {
        if (errno == Errno.None)
            return 0;
        return Complaint.Say(errno switch
        {
            Errno.EEXIST => $"cannot {verb} namespace \"{name}\": it exists",
            Errno.ENOENT => $"cannot {verb} namespace \"{name}\": there is no such namespace",
            Errno.EPERM => $"cannot {verb} namespace \"{name}\": permission denied",
            Errno.EINVAL => $"cannot {verb} namespace \"{name}\": not a valid name",
            _ => $"cannot {verb} namespace \"{name}\": {errno}",
        });
    }
}
