using System.Text.RegularExpressions;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>Waits of the tests themselves.</summary>
public sealed partial class WaitsTests
{
    /// <summary>
    /// Forms that wait without a limit. What is sound though it looks so says why on its line, after "ends:". The corpus of the analyzers is what they judge, not
    /// what runs; the explorer of schedules knows itself when nothing can go on.
    /// </summary>
    [Fact]
    public void No_test_waits_without_a_limit()
    {
        string tests = Path.Combine(Repository.Root, "tests");
        string[] found =
        [
            .. from file in Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories)
               let name = Path.GetRelativePath(tests, file)
               where !name.Contains("/obj/", StringComparison.Ordinal) && !name.Contains("/bin/", StringComparison.Ordinal) && !name.Contains("/Corpus/", StringComparison.Ordinal)
                   && !name.StartsWith("Shared/", StringComparison.Ordinal) && !name.StartsWith("Engine.Tests/Exploration/", StringComparison.Ordinal) && name != "EndToEnd.Tests/WaitsTests.cs"
               from line in File.ReadLines(file).Select(static (text, index) => (Text: text, Number: index + 1))
               where Unbounded().IsMatch(line.Text) && !Limited().IsMatch(line.Text)
               select $"{name}:{line.Number}: {line.Text.Trim()}",
        ];
        Assert.True(found.Length == 0, "Wait through tests/Shared/Patience.cs, or say why it ends:\n" + string.Join('\n', found));
    }

    [Fact]
    public void Every_step_of_the_run_has_a_limit()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "test.sh"));
        string[] heavy = [.. lines.Where(static line => Heavy().IsMatch(line) && !line.TrimStart().StartsWith('#'))];
        Assert.NotEmpty(heavy);
        Assert.All(heavy, static line => Assert.Contains("within ", line, StringComparison.Ordinal));
    }

    // An await of a process's end, a process's stream, a thread, a task or an event, none of them with a time.
    [GeneratedRegex(@"\.WaitForExit\(\)|\.WaitForExitAsync\(|await [^;]*Standard(Output|Error)\.Read\w*Async\(|Standard(Output|Error)\.Read(ToEnd|Line)?\(|[tT]hread\w*\.Join\(\)|holder\.Join\(\)|\.Wait\(\)|\.WaitOne\(\)|\.SignalAndWait\(\)")]
    private static partial Regex Unbounded();

    [GeneratedRegex(@"\.WithinAsync\(|\.WaitAsync\(|\bpatience\.Token\b|// ends:")]
    private static partial Regex Limited();

    [GeneratedRegex(@"^[^""]*\bdotnet (build|format|""?tests)|src/Shim/tests/run\.sh|eng/(aot|setup)\.sh|\.Tests\.dll")]
    private static partial Regex Heavy();
}
