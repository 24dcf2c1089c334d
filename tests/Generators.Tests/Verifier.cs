using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>
/// Snapshots by Verify's conventions, which cannot be restored here: <c>TestClass.TestName#HintName.verified.cs</c> beside the test, and
/// <c>*.received.cs</c> where the text differs. Nothing is accepted by itself; <c>SMALLRTNL_ACCEPT=1</c> writes what was received, never in CI.
/// </summary>
internal static class Verifier
{
    /// <summary>Compares every generated file but those that <paramref name="ignore"/> names.</summary>
    public static void Verify(GeneratorDriver driver, Func<GeneratedSourceResult, bool>? ignore = null, [CallerFilePath] string file = "", [CallerMemberName] string test = "")
    {
        string folder = Path.GetDirectoryName(OnDisk(file))!;
        string prefix = $"{Path.GetFileNameWithoutExtension(file)}.{test}#";
        bool accepts = Environment.GetEnvironmentVariable("SMALLRTNL_ACCEPT") == "1" && Environment.GetEnvironmentVariable("CI") != "true";
        var stale = Directory.GetFiles(folder, prefix + "*.verified.cs").ToHashSet(StringComparer.Ordinal);
        var faults = new List<string>();
        foreach (GeneratedSourceResult source in driver.GetRunResult().Results.SelectMany(result => result.GeneratedSources))
        {
            if (ignore is not null && ignore(source))
                continue;
            string stem = Path.Combine(folder, prefix + Path.GetFileNameWithoutExtension(source.HintName));
            string verified = stem + ".verified.cs";
            string received = stem + ".received.cs";
            string text = source.SourceText.ToString();
            stale.Remove(verified);
            File.Delete(received);
            if (File.Exists(verified) && File.ReadAllText(verified) == text)
                continue;
            File.WriteAllText(accepts ? verified : received, text);
            if (!accepts)
                faults.Add($"{(File.Exists(verified) ? "differs" : "new")}: {received}");
        }
        foreach (string old in stale)
        {
            if (accepts)
                File.Delete(old);
            else
                faults.Add($"no longer generated: {old}");
        }
        Assert.True(faults.Count == 0, "Compare, and accept with SMALLRTNL_ACCEPT=1:\n" + string.Join("\n", faults));
    }

    /// <summary>Deterministic builds write paths from /_/; the folder is found from the repository's root then.</summary>
    private static string OnDisk(string file)
    {
        if (File.Exists(file))
            return file;
        string root = RepositoryRoot;
        int start = file.IndexOf("tests/", StringComparison.Ordinal);
        return Path.Combine(root, file[start..]);
    }

    /// <summary>The folder with global.json above the tests' output.</summary>
    public static string RepositoryRoot
    {
        get
        {
            string folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "global.json")))
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("No global.json above the tests.");
            return folder;
        }
    }
}
