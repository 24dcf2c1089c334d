namespace SmallRtnl.Engine.Tests;

/// <summary>The model checker bites: every seeded mistake is found.</summary>
public sealed class EngineMutationTests(ITestOutputHelper output)
{
    private const int RandomSchedules = 2000;
    private const int Preemptions = 2;
    private const int MostExhaustive = 2000;

    public static TheoryData<string> Mutations => [.. EngineMutation.All.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(Mutations))]
    public void A_mistake_in_the_engine_is_found(string name)
    {
        EngineMutation mutation = EngineMutation.All.Single(candidate => candidate.Name == name);
        bool applied = false;
        IReadOnlyList<IModelProgram> programs = EngineModel.Compile((file, text) =>
        {
            if (file != mutation.File)
                return text;
            Assert.Contains(mutation.Find, text, StringComparison.Ordinal);
            applied = true;
            return text.Replace(mutation.Find, mutation.Replace, StringComparison.Ordinal);
        });
        Assert.True(applied);
        string? found = programs.Select(Search).FirstOrDefault(failure => failure is not null);
        Assert.True(found is not null, $"Nobody noticed {name}.");
        output.WriteLine(found);
    }

    private static string? Search(IModelProgram program)
    {
        var exhaustive = new ExhaustiveSchedule(Preemptions);
        for (int i = 0; i < MostExhaustive; i++)
        {
            if (program.Run(exhaustive) is { } failure)
                return $"{program.Name}, schedule {i}: {failure}";
            if (!exhaustive.MoveNext())
                break;
        }
        for (int seed = 0; seed < RandomSchedules; seed++)
        {
            if (program.Run(new RandomSchedule(seed)) is { } failure)
                return $"{program.Name}, seed {seed}: {failure}";
        }
        return null;
    }
}
