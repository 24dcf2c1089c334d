namespace SmallRtnl.EndToEnd.Tests;

/// <summary>What one command of a list answered: its exit code, and its output after normalisation.</summary>
/// <param name="Command">The command as the list has it.</param>
/// <param name="Answer">The record's other lines: <c>= exit code</c>, <c>| standard output</c>, <c>! standard error</c>.</param>
internal sealed record Outcome(string Command, IReadOnlyList<string> Answer)
{
    /// <summary>The exit code that <c>run-list.sh</c> records where an <c>@requires</c> was not met.</summary>
    private const string NotMet = "= 77";

    public bool IsUnmetRequirement => Command.StartsWith("@requires ", StringComparison.Ordinal) && Answer is [NotMet];

    public bool Equals(Outcome? other) =>
        other is not null && Command == other.Command && Answer.SequenceEqual(other.Answer);

    public override int GetHashCode() => HashCode.Combine(Command, Answer.Count);

    /// <summary>Reads what <c>run-list.sh</c> wrote.</summary>
    public static IReadOnlyList<Outcome> Parse(string text)
    {
        var outcomes = new List<Outcome>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("$ ", StringComparison.Ordinal))
                outcomes.Add(new Outcome(line[2..], new List<string>()));
            else if (outcomes.Count > 0 && outcomes[^1].Answer is List<string> answer)
                answer.Add(line);
            else
                throw new FormatException($"A record starts with its command, not with: {line}");
        }

        return outcomes;
    }

    public static IReadOnlyList<Outcome> Load(string path) => Parse(File.ReadAllText(path));
}
