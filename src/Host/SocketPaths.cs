namespace SmallRtnl.Host;

/// <summary>
/// Where a server listens unless told otherwise: rtnl.sock in a folder where nobody else can put anything. The first of these that can be had:
/// $XDG_RUNTIME_DIR/rtnl; for root /run/rtnl; rtnl-UID in the temporary folder; rtnl in the user's cache folder. Another user may sit on the third
/// name, and on no other, so the last one is there for that case. A client takes the first one where a server's socket is.
/// </summary>
internal static class SocketPaths
{
    private const string SocketName = "rtnl.sock";
    private const uint OthersMayWrite = 0b000_010_010;
    private const uint OthersMayAnything = 0b000_111_111;

    public const string Described = "$RTNL_SOCKET, else rtnl.sock in $XDG_RUNTIME_DIR/rtnl, /run/rtnl (root) or /tmp/rtnl-UID";

    /// <summary>The default for a server; makes its folder.</summary>
    /// <exception cref="IOException">No folder can be had; the message names each with the reason.</exception>
    public static string ForServer()
    {
        if (Environment.GetEnvironmentVariable(CommonOptions.SocketVariable) is { Length: > 0 } path)
            return path;
        var reasons = new List<string>();
        foreach (Candidate candidate in Candidates())
        {
            if (Make(candidate) is not { } reason)
            {
                if (reasons.Count > 0)
                    Complaint.Say($"{string.Join("; ", reasons)}; listening in {candidate.Folder} instead. Set XDG_RUNTIME_DIR, or give --socket.");
                return Path.Combine(candidate.Folder, SocketName);
            }
            reasons.Add(reason);
        }
        throw new IOException($"no folder to listen in: {string.Join("; ", reasons)}. Set XDG_RUNTIME_DIR to a folder of your own with mode 0700, or give --socket.");
    }

    /// <summary>The default for a client.</summary>
    public static string ForClient()
    {
        if (Environment.GetEnvironmentVariable(CommonOptions.SocketVariable) is { Length: > 0 } path)
            return path;
        string? first = null;
        foreach (Candidate candidate in Candidates())
        {
            if (Judge(candidate, out bool exists) is not null && exists)
                continue;
            string socket = Path.Combine(candidate.Folder, SocketName);
            first ??= socket;
            if (exists && LinuxFiles.Look(socket, out _) == 0)
                return socket;
        }
        return first ?? Path.Combine(Candidates().First().Folder, SocketName);
    }

    private static IEnumerable<Candidate> Candidates()
    {
        uint self = LibC.GetEffectiveUserId();
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime)
            && LinuxFiles.Look(runtime, out FileIdentity there) == 0 && there.IsFolder && there.Owner == self && (there.Mode & OthersMayAnything) == 0)
            yield return new Candidate(Path.Combine(runtime, "rtnl"), 0b111_000_000);
        // Everybody may read, and root's folder keeps nobody out who is told its path.
        if (self == 0)
            yield return new Candidate("/run/rtnl", 0b111_101_101);
        yield return new Candidate(Path.Combine(Path.GetTempPath(), $"rtnl-{self}"), 0b111_000_000);
        string? cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        string? home = Environment.GetEnvironmentVariable("HOME");
        if (cache is { Length: > 0 } && Path.IsPathRooted(cache))
            yield return new Candidate(Path.Combine(cache, "rtnl"), 0b111_000_000);
        else if (home is { Length: > 0 } && Path.IsPathRooted(home))
            yield return new Candidate(Path.Combine(home, ".cache", "rtnl"), 0b111_000_000);
    }

    /// <summary>Makes a folder, or takes it as it is.</summary>
    /// <returns>Null, or why it cannot be used.</returns>
    private static string? Make(Candidate candidate)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(candidate.Folder) + SocketName.Length + 1 > ListeningPath.MaxBytes)
            return $"{candidate.Folder} is too long a name for a socket's folder";
        if (LinuxFiles.MakeFolder(candidate.Folder, candidate.Mode) != 0)
        {
            int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            if (error != LinuxFiles.EEXIST)
                return $"{candidate.Folder} cannot be made: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(error)}";
        }
        return Judge(candidate, out _);
    }

    private static string? Judge(Candidate candidate, out bool exists)
    {
        int error = LinuxFiles.Look(candidate.Folder, out FileIdentity there);
        exists = error == 0;
        if (error != 0)
            return $"{candidate.Folder} is not there";
        if (!there.IsFolder)
            return $"{candidate.Folder} is {there.Kind} of uid {there.Owner}, no folder";
        if (there.Owner != LibC.GetEffectiveUserId())
            return $"{candidate.Folder} belongs to uid {there.Owner}";
        return (there.Mode & OthersMayWrite & ~candidate.Mode) != 0 || (candidate.Mode == 0b111_000_000 && (there.Mode & OthersMayAnything) != 0)
            ? $"{candidate.Folder} is open to others (mode {Convert.ToString(there.Mode & 0xfff, 8)}, not 700)"
            : null;
    }

    /// <summary>A folder, and the mode that it is made with.</summary>
    private readonly record struct Candidate(string Folder, uint Mode);
}
