using SmallRtnl.Engine.Tests.Exploration;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>The engine's properties under many schedules. <c>ENGINE_REPLAY</c> runs one recorded schedule instead.</summary>
public abstract class PropertyTests(ITestOutputHelper output)
{
    private const int DefaultSchedules = 10_000;
    private const int LongSchedules = 1_000_000;

    protected static TheoryData<EngineProgram> Rows(params ReadOnlySpan<EngineProgram> programs)
    {
        var rows = new TheoryData<EngineProgram>();
        foreach (EngineProgram program in programs)
            rows.Add(new TheoryDataRow<EngineProgram>(program) { TestDisplayName = program.Name });
        return rows;
    }

    protected void Holds(EngineProgram program) => Holds(program, DefaultSchedules);

    protected void HoldsLong(EngineProgram program) => Holds(program, LongSchedules);

    protected void HoldsInEverySchedule(EngineProgram program, int preemptions)
    {
        Exploration.Exploration exploration = Explorer.Exhaust(program.On(ExploredSource.Engine), preemptions);
        output.WriteLine(exploration.ToString());
        Assert.True(exploration.Failure is null, $"{program}: {exploration}");
    }

    private void Holds(EngineProgram program, int schedules)
    {
        Action<Scheduler> bound = program.On(ExploredSource.Engine);
        if (Environment.GetEnvironmentVariable("ENGINE_REPLAY") is { Length: > 0 } schedule)
        {
            Failure? failure = Explorer.Replay(bound, schedule);
            Assert.True(failure is null, $"{program}: {failure}");
            return;
        }
        Exploration.Exploration exploration = Explorer.Explore(bound, schedules);
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
    public void Holds_under_random_schedules(EngineProgram program) => Holds(program);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_million_random_schedules(EngineProgram program) => HoldsLong(program);

    [Fact]
    public void Three_entries_hold_in_every_schedule_with_three_preemptions() => HoldsInEverySchedule(GatePrograms.Small, preemptions: 3);
}

public sealed class MutexPropertyTests(ITestOutputHelper output) : PropertyTests(output)
{
    public static TheoryData<EngineProgram> Programs => Rows(MutexPrograms.NoLostWakeUp, MutexPrograms.Fifo, MutexPrograms.Cancel);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_random_schedules(EngineProgram program) => Holds(program);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_million_random_schedules(EngineProgram program) => HoldsLong(program);

    [Fact]
    public void Three_waiters_hold_in_every_schedule_with_three_preemptions() => HoldsInEverySchedule(MutexPrograms.Small, preemptions: 3);

    [Fact]
    public void A_cancelled_waiter_holds_in_every_schedule_with_three_preemptions() => HoldsInEverySchedule(MutexPrograms.SmallCancel, preemptions: 3);
}

public sealed class HostPropertyTests(ITestOutputHelper output) : PropertyTests(output)
{
    public static TheoryData<EngineProgram> Programs =>
        Rows(HostPrograms.Exclusion, HostPrograms.Sets, HostPrograms.Cancel, HostPrograms.Teardown, HostPrograms.Posts, HostPrograms.MovingDevice);

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_random_schedules(EngineProgram program) => Holds(program);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_million_random_schedules(EngineProgram program) => HoldsLong(program);
}
