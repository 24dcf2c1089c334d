using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace SmallRtnl.Host;

/// <summary><c>rtnl exec</c>: runs an unmodified program against a server, its own if none is named.</summary>
internal static class ExecCommand
{
    // As env(1) and its kin answer for themselves rather than for the program.
    private const int CannotStart = 125;
    private const int CannotRun = 126;
    private const int NotFound = 127;

    public static Command Create()
    {
        Option<string?> socket = CommonOptions.Socket("The server; default: one of its own, which lives as long as the command.");
        var netns = new Option<string?>("--netns") { Description = "The namespace; default: the initial one.", HelpName = "NAME" };
        Option<RtnlMode> mode = CommonOptions.Mode();
        Option<uint?> trust = CommonOptions.TrustServer();
        var unserved = new Option<UnservedPolicy?>("--unserved")
        {
            Description = "What becomes of a program that cannot be served (static, setuid, a Go program, another architecture or C library), and would reach the machine's own kernel: Allow, Warn (one line, then it runs) or Refuse (126). The same goes for the programs that it starts. Default: Refuse for root, else Warn.",
        };
        var arguments = new Argument<string[]>("command") { Description = "The program and its arguments.", Arity = ArgumentArity.OneOrMore };
        var command = new Command(
            "exec",
            "Runs a program whose netlink sockets are served by SmallRtnl. Signals are handed on to it, and the exit code is the program's, 128 and the signal's number "
            + "where one ended it; 125: no server or namespace; 126: it cannot be run or served; 127: there is no such program. setns, unshare and clone of a network "
            + "namespace fail in it with EOPNOTSUPP (docs/security.md).")
        {
            socket, netns, mode, unserved, trust, arguments,
        };
        command.SetAction((result, cancellation) =>
            RunAsync(result.GetValue(arguments)!, result.GetValue(socket), result.GetValue(netns), result.GetValue(mode), result.GetValue(unserved), result.GetValue(trust), cancellation));
        return command;
    }

    /// <summary>What the program would only meet as a socket that cannot be opened.</summary>
    private static string? WhyUnreachable(string path, string? netns, uint? trusted)
    {
        if (ServerAddress.WhyImpossible(path) is { } impossible)
            return impossible;
        try
        {
            IReadOnlyList<string> names = new RtnlControlClient(path) { TrustedServer = trusted }.ListNetns();
            return netns is null || names.Contains(netns) ? null : $"there is no namespace \"{netns}\" on {path}";
        }
        catch (Exception exception) when (ServerAddress.WhyUnreachable(path, exception) is { } why)
        {
            return why;
        }
    }

    private static async Task<int> RunAsync(
        string[] command, string? socket, string? netns, RtnlMode mode, UnservedPolicy? unserved, uint? trusted, CancellationToken cancellation)
    {
        if (ShimProcess.FindShim() is not { } shim || ProgramLauncher.Load() is not { } launcher)
            return Complaint.Say("librtnl-shim.so is missing; build the solution with a C compiler (eng/setup.sh installs one).", CannotStart);
        // The dynamic linker takes both for the end of a name, and runs the program without.
        if (shim.AsSpan().IndexOfAny(' ', ':') >= 0)
            return Complaint.Say($"{shim} cannot be preloaded: its name has a space or a colon.", CannotStart);
        if (socket is not null && WhyUnreachable(socket.Length == 0 ? "" : Path.GetFullPath(socket), netns, trusted) is { } why)
            return Complaint.Say(why, CannotStart);

        IReadOnlyList<byte[]> arguments = ProgramLauncher.LastArguments(command);
        if (launcher.Judge(arguments[0]) is not { } target)
            return Complaint.Say($"{command[0]}: command not found", NotFound);
        UnservedPolicy policy = unserved ?? (LibC.GetEffectiveUserId() == 0 ? UnservedPolicy.Refuse : UnservedPolicy.Warn);
        if (target.WhyUnserved is { } reason && policy != UnservedPolicy.Allow)
        {
            string says = $"{reason}: it cannot be served, and would reach the machine's own kernel";
            if (policy == UnservedPolicy.Refuse)
                return Complaint.Say($"{says}; not run (--unserved allow runs it)", CannotRun);
            Complaint.Say(says);
        }

        launcher.TakeSignals();
        string? preload = Environment.GetEnvironmentVariable("LD_PRELOAD");
        launcher.Set("LD_PRELOAD", string.IsNullOrEmpty(preload) ? shim : $"{shim}:{preload}");
        launcher.Set(CommonOptions.NetnsVariable, netns);
        launcher.Set(CommonOptions.UnservedVariable, policy.ToString().ToLower(CultureInfo.InvariantCulture));
        if (socket is not null)
        {
            launcher.Set(CommonOptions.SocketVariable, Path.GetFullPath(socket));
            return Run(launcher, target, arguments, command[0]);
        }

        try
        {
            using PrivateFolder folder = PrivateFolder.Create();
            using IHost host = RtnlHost.Build(new ServerOptions(mode), folder.Socket, endsWithSignals: false);
            await host.StartAsync(cancellation).ConfigureAwait(false);
            if (netns is not null && new RtnlControlClient(folder.Socket).AddNetns(netns) is not Errno.None and var errno)
                return Complaint.Say($"namespace \"{netns}\" cannot be made: {(errno == Errno.EINVAL ? "not a valid name" : errno)}", CannotStart);
            launcher.Set(CommonOptions.SocketVariable, folder.Socket);
            int exitCode = Run(launcher, target, arguments, command[0]);
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            return exitCode;
        }
        catch (IOException exception)
        {
            return Complaint.Say(exception.Message, CannotStart);
        }
    }

    private static int Run(ProgramLauncher launcher, ProgramTarget target, IReadOnlyList<byte[]> arguments, string name)
    {
        (int exitCode, Errno error) = launcher.Run(target, arguments);
        return error switch
        {
            Errno.None => exitCode,
            Errno.ENOENT => Complaint.Say($"{name}: command not found", NotFound),
            _ => Complaint.Say($"{name}: cannot be run: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage((int)error)}", CannotRun),
        };
    }
}
