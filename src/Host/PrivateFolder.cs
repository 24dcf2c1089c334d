namespace SmallRtnl.Host;

/// <summary>The folder of a server that lives as long as one command. What a command that was killed outright has left goes with the next one.</summary>
internal sealed class PrivateFolder : IDisposable
{
    private const string Prefix = "rtnl-exec-";
    private const string SocketName = "rtnl.sock";

    // A folder younger than this may be of a server that has not taken its lock yet.
    private static readonly TimeSpan s_young = TimeSpan.FromSeconds(30);

    private readonly string _folder;

    private PrivateFolder(string folder) => _folder = folder;

    /// <summary>Where its server is to listen.</summary>
    public string Socket => Path.Combine(_folder, SocketName);

    /// <summary>Makes one, and clears away those that nobody serves in any more.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static PrivateFolder Create()
    {
        DirectoryInfo folder = TemporaryFolder.Create(Prefix);
        RemoveLeftovers(folder.Parent!.FullName);
        return new PrivateFolder(folder.FullName);
    }

    /// <summary>The server has stopped, and its socket and lock with it.</summary>
    public void Dispose() => _ = LinuxFiles.RemoveFolder(_folder);

    private static void RemoveLeftovers(string parent)
    {
        uint self = LibC.GetEffectiveUserId();
        try
        {
            foreach (DirectoryInfo folder in new DirectoryInfo(parent).EnumerateDirectories(Prefix + "*"))
            {
                if (DateTime.UtcNow - folder.LastWriteTimeUtc < s_young || LinuxFiles.Look(folder.FullName, out FileIdentity there) != 0 || !there.IsFolder || there.Owner != self)
                    continue;
                // Only what is its own to remove: a folder with anything else in it stays.
                if (ListeningPath.TryRemoveLeftover(Path.Combine(folder.FullName, SocketName)))
                    _ = LinuxFiles.RemoveFolder(folder.FullName);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another command's affair, or the next one's.
        }
    }
}
