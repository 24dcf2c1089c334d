using SmallRtnl.Engine.Tests.Exploration;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>
/// The engine's properties under many schedules. <c>ENGINE_REPLAY</c>, a schedule or its seed and number as a failure prints them, runs that one
/// schedule instead.
/// </summary>
public abstract class PropertyTests(ITestOutputHelper output)
{
    private const int DefaultSchedules = 10_000;
    private const int SoakSchedules = 1_000_000;

    protected static TheoryData<EngineProgram> Rows(params IEnumerable<EngineProgram> programs)
    {
        var rows = new TheoryData<EngineProgram>();
        foreach (EngineProgram program in programs)
            rows.Add(new TheoryDataRow<EngineProgram>(program) { TestDisplayName = program.Name });
        return rows;
    }

    /// <summary>A program for each mode.</summary>
    protected static TheoryData<EngineProgram> RowsInEachMode(params IEnumerable<Func<ExploredMode, EngineProgram>> programs) =>
        Rows(programs.SelectMany(program => Enum.GetValues<ExploredMode>().Select(program)));

    protected void Holds(EngineProgram program) => Holds(program, static bound => Explorer.Explore(bound, DefaultSchedules));

    protected void HoldsInSoak(EngineProgram program) => Holds(program, static bound => Explorer.Explore(bound, SoakSchedules));

    /// <param name="program">The program.</param>
    /// <param name="preemptions">How many at most.</param>
    /// <param name="limit">Of schedules; the output says where it was met.</param>
    protected void HoldsInEverySchedule(EngineProgram program, int preemptions, int limit = int.MaxValue) =>
        Holds(program, bound => Explorer.Exhaust(bound, preemptions, limit));

    private void Holds(EngineProgram program, Func<Action<Scheduler>, Exploration.Exploration> explore)
    {
        Action<Scheduler> bound = program.On(ExploredSource.Engine);
        if (Environment.GetEnvironmentVariable("ENGINE_REPLAY") is { Length: > 0 } schedule)
        {
            Failure? failure = Explorer.Replay(bound, schedule);
            Assert.True(failure is null, $"{program}: {failure}");
            return;
        }
        Exploration.Exploration exploration = explore(bound);
        output.WriteLine(exploration.ToString());
        Assert.True(exploration.Failure is null, $"{program}: {exploration}");
    }
}

public sealed class GatePropertyTests(ITestOutputHelper output) : PropertyTests(output)
{
    public static TheoryData<EngineProgram> Programs =>
        Rows(GatePrograms.NoLostWakeUp, GatePrograms.Reopen, GatePrograms.Cancel, GatePrograms.BatchLimit, GatePrograms.SharedBypass, GatePrograms.Fifo);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_ten_thousand_random_schedules(EngineProgram program) => Holds(program);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_million_random_schedules(EngineProgram program) => HoldsInSoak(program);
}

public sealed class MutexPropertyTests(ITestOutputHelper output) : PropertyTests(output)
{
    public static TheoryData<EngineProgram> Programs => Rows(MutexPrograms.NoLostWakeUp, MutexPrograms.Fifo, MutexPrograms.Cancel, MutexPrograms.CancelAgain, UserLockPrograms.Ownership);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_ten_thousand_random_schedules(EngineProgram program) => Holds(program);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_million_random_schedules(EngineProgram program) => HoldsInSoak(program);
}

public sealed class HostPropertyTests(ITestOutputHelper output) : PropertyTests(output)
{
    public static TheoryData<EngineProgram> Programs => RowsInEachMode(
        HostPrograms.Exclusion,
        HostPrograms.Sets,
        HostPrograms.Cancel,
        HostPrograms.CancelEnds,
        HostPrograms.Fifo,
        HostPrograms.Teardown,
        HostPrograms.TeardownFlush,
        HostPrograms.Creation,
        HostPrograms.Posts,
        HostPrograms.MovingDevice);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_ten_thousand_random_schedules(EngineProgram program) => Holds(program);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_million_random_schedules(EngineProgram program) => HoldsInSoak(program);
}
