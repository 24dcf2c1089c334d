using System.CommandLine;

namespace SmallRtnl.Host;

/// <summary>Options that several verbs share, and their defaults.</summary>
internal static class CommonOptions
{
    /// <summary>The variable by which the shim and the tool find the server.</summary>
    public const string SocketVariable = "RTNL_SOCKET";

    /// <summary>The variable by which the shim finds the namespace.</summary>
    public const string NetnsVariable = "RTNL_NETNS";

    /// <summary>The variable by which the shim knows what becomes of a program that it cannot serve: allow, warn or refuse.</summary>
    public const string UnservedVariable = "RTNL_UNSERVED";

    public static Option<string?> Socket(string description) => new("--socket") { Description = description, HelpName = "PATH" };

    public static Option<uint?> TrustServer() => new("--trust-server")
    {
        Description = "Another user's server that may be believed; default: root's and one's own.",
        HelpName = "UID",
    };

    public static Option<RtnlMode> Mode() => new("--mode")
    {
        Description = "What the lock word PerNet takes.",
        DefaultValueFactory = static _ => RtnlMode.PerNet,
    };

    public static Option<TimeSpan> Hold() =>
        DurationOption.Create("--hold", "For experiments: every handler waits so long under its lock, blocking no thread, as if it talked to hardware.", TimeSpan.FromMilliseconds(1));

    public static Option<TimeSpan> Compute() =>
        DurationOption.Create("--compute", "For experiments: every handler computes for so long under its lock.", TimeSpan.FromMicroseconds(1));
}
