namespace SmallRtnl.Generators;

/// <summary>Files by name.</summary>
internal static class FileNames
{
    /// <summary>A path's last part, whichever system wrote it: where a build machine keeps a file is nobody's business.</summary>
    public static string Last(string path) => path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
}
