namespace SmallRtnl.Engine.Tests;

/// <summary>The engine's state machines under every schedule that a few tasks can have.</summary>
public sealed class EngineModelTests(ITestOutputHelper output)
{
    private const int SchedulesByDefault = 10_000;
    private const int SchedulesWhenAsked = 1_000_000;
    private const int MostExhaustive = 20_000;

    private static readonly Lazy<IReadOnlyList<IModelProgram>> s_programs = new(() => EngineModel.Compile());

    public static TheoryData<string> Programs => [.. s_programs.Value.Select(program => program.Name)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_ten_thousand_random_schedules(string program) => Explore(program, SchedulesByDefault);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_million_random_schedules(string program) => Explore(program, SchedulesWhenAsked);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_every_schedule_with_two_preemptions(string program) => Exhaust(program, maxPreemptions: 2, MostExhaustive);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Programs))]
    public void Holds_under_every_schedule_with_three_preemptions(string program) => Exhaust(program, maxPreemptions: 3, int.MaxValue);

    private static IModelProgram Find(string program) => s_programs.Value.Single(candidate => candidate.Name == program);

    private static void Explore(string program, int schedules)
    {
        for (int seed = 0; seed < schedules; seed++)
        {
            string? failure = Find(program).Run(new RandomSchedule(seed));
            Assert.True(failure is null, $"{program}, seed {seed}: {failure}");
        }
    }

    private void Exhaust(string program, int maxPreemptions, int most)
    {
        var schedule = new ExhaustiveSchedule(maxPreemptions);
        int seen = 0;
        bool more;
        do
        {
            string? failure = Find(program).Run(schedule);
            Assert.True(failure is null, $"{program}, schedule {seen} of those with {maxPreemptions} pre-emptions: {failure}");
            more = schedule.MoveNext();
        }
        while (++seen < most && more);
        output.WriteLine(more ? $"{seen} schedules, not all" : $"all {seen} schedules");
    }
}
