using System.Globalization;
using System.Text.RegularExpressions;
using SmallRtnl.Engine.Tests.Mutations;
using SmallRtnl.Engine.Tests.Properties;

namespace SmallRtnl.Engine.Tests.BugClasses;

/// <summary>docs/bug-classes.md promises nothing that is not there.</summary>
public sealed partial class TableTests
{
    private static readonly string s_root = Root();
    private static readonly string s_page = File.ReadAllText(Path.Combine(s_root, "docs", "bug-classes.md"));

    [Fact]
    public void Every_test_and_property_that_the_table_names_exists()
    {
        HashSet<string> tests = [.. SourceFiles().SelectMany(file => TestMethod().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value)];
        HashSet<string> properties = [.. GatePropertyTests.Programs.Concat(MutexPropertyTests.Programs).Concat(HostPropertyTests.Programs).Select(row => Mode().Replace(row.Data.Name, ""))];
        string[] quoted = [.. Quoted().Matches(s_page).Select(match => match.Groups[1].Value)];
        string[] named = [.. quoted.Where(text => TestName().IsMatch(text))], explored = [.. quoted.Where(text => text.Contains(": ", StringComparison.Ordinal))];
        Assert.True(named.Length > 60 && explored.Length >= 5, "The page is not read as it is written.");
        Assert.Subset(tests, named.ToHashSet());
        Assert.Subset(properties, explored.ToHashSet());
    }

    [Fact]
    public void All_27_classes_are_there_in_order() =>
        Assert.Equal(Enumerable.Range(1, 27).Select(number => number.ToString(CultureInfo.InvariantCulture)), Row().Matches(s_page).Select(match => match.Groups[1].Value));

    [Fact]
    public void The_mutations_are_as_many_as_it_says() =>
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{MutationTests.Mutations.Count} mistakes"), s_page, StringComparison.Ordinal);

    private static IEnumerable<string> SourceFiles() => Directory.EnumerateFiles(Path.Combine(s_root, "tests"), "*Tests.cs", SearchOption.AllDirectories);

    private static string Root()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Framework.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex(@"public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex TestMethod();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Quoted();

    /// <summary>A sentence whose words are joined by underscores; environment variables and diagnostics are none.</summary>
    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+){2,}$")]
    private static partial Regex TestName();

    [GeneratedRegex(", (PerNet|Nested|BigLock)(?=:)")]
    private static partial Regex Mode();

    [GeneratedRegex(@"^\| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
