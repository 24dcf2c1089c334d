using System.CommandLine;

namespace SmallRtnl.Host;

/// <summary>Options that several verbs share, and their defaults.</summary>
internal static class CommonOptions
{
    /// <summary>The variable by which the shim and the tool find the server.</summary>
    public const string SocketVariable = "RTNL_SOCKET";

    /// <summary>The variable by which the shim finds the namespace.</summary>
    public const string NetnsVariable = "RTNL_NETNS";

    public static Option<string?> Socket(string description) => new("--socket") { Description = description, HelpName = "PATH" };

    public static Option<RtnlMode> Mode() => new("--mode")
    {
        Description = "What the lock word PerNet takes.",
        DefaultValueFactory = static _ => RtnlMode.PerNet,
    };

    public static Option<TimeSpan> Hold() =>
        DurationOption.Create("--hold", "For experiments: every handler waits so long under its lock, blocking no thread, as if it talked to hardware.", TimeSpan.FromMilliseconds(1));

    public static Option<TimeSpan> Compute() =>
        DurationOption.Create("--compute", "For experiments: every handler computes for so long under its lock.", TimeSpan.FromMicroseconds(1));

    /// <summary>Where a server listens unless told otherwise: $RTNL_SOCKET, else rtnl.sock in the runtime directory.</summary>
    public static string DefaultSocket()
    {
        if (Environment.GetEnvironmentVariable(SocketVariable) is { Length: > 0 } path)
            return path;
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return Path.Combine(runtime is { Length: > 0 } ? runtime : Path.GetTempPath(), $"rtnl-{Environment.UserName}.sock");
    }
}
