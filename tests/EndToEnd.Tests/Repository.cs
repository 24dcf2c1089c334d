namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Where the repository's files lie, found from the test's own assembly.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Tests { get; } = Path.Combine(Root, "tests", "EndToEnd.Tests");

    public static string Scripts { get; } = Path.Combine(Tests, "Scripts");

    /// <summary>The <c>rtnl</c> launcher: <c>RTNL_LAUNCHER</c>, or the one in the repository's root.</summary>
    public static string Launcher { get; } =
        Environment.GetEnvironmentVariable("RTNL_LAUNCHER") is { Length: > 0 } path ? path : Path.Combine(Root, "rtnl");

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Directory.Packages.props")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No repository root above {AppContext.BaseDirectory}.");
    }
}
