using SmallRtnl.Engine.Tests.Exploration;
using SmallRtnl.Engine.Tests.Properties;

namespace SmallRtnl.Engine.Tests.Mutations;

/// <summary>The explorer bites: each seeded mistake is found, and found again from its recorded schedule and from its seed.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Schedules = 10_000;

    public static TheoryData<Mutation> Mutations
    {
        get
        {
            var rows = new TheoryData<Mutation>();
            foreach (Mutation mutation in (Mutation[])[.. MutexMutations.All, .. GateMutations.All, .. HostMutations.All])
                rows.Add(new TheoryDataRow<Mutation>(mutation) { TestDisplayName = mutation.Name });
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Is_caught(Mutation mutation)
    {
        IEngine engine = ExploredSource.Mutate(mutation.File, mutation.Text, mutation.Replacement);
        foreach (EngineProgram program in mutation.Programs)
        {
            Action<Scheduler> bound = program.On(engine);
            Exploration.Exploration exploration = Explorer.Explore(bound, Schedules);
            if (exploration.Failure is not { } failure)
                continue;
            output.WriteLine($"{program}, schedule {exploration.Schedules}: {failure.Message}");
            foreach (string schedule in (string[])[failure.Schedule, failure.Origin])
            {
                Failure? again = Explorer.Replay(bound, schedule);
                Assert.NotNull(again);
                Assert.Equal(FirstLine(failure.Message), FirstLine(again.Message));
                Assert.Equal(failure.Trace, again.Trace);
            }
            return;
        }
        Assert.Fail($"No schedule finds it: {mutation.Name}.");
    }

    private static string FirstLine(string message) => message.Split('\n')[0];
}
