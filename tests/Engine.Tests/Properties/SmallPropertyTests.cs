namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>
/// The gate's small programs under every schedule: with three pre-emptions where that takes seconds, else with two, up to a limit, and with three in
/// the soak.
/// </summary>
public sealed class SmallGatePropertyTests(ITestOutputHelper output) : PropertyTests(output)
{
    private const int MostByDefault = 70_000;

    public static TheoryData<EngineProgram> Quick => Rows(SmallPrograms.GateOfThree, SmallPrograms.GateTwice);

    public static TheoryData<EngineProgram> Slow => Rows(
        SmallPrograms.GateOfFour,
        SmallPrograms.GateTries,
        SmallPrograms.GateCancelledExclusive,
        SmallPrograms.GateCancelledShared,
        SmallPrograms.GateBatch);

    [Theory]
    [MemberData(nameof(Quick))]
    public void Holds_under_every_schedule_with_three_preemptions(EngineProgram program) => HoldsInEverySchedule(program, preemptions: 3);

    [Theory]
    [MemberData(nameof(Slow))]
    public void Holds_under_every_schedule_with_two_preemptions(EngineProgram program) => HoldsInEverySchedule(program, preemptions: 2, MostByDefault);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Slow))]
    public void Holds_under_every_schedule_with_three_preemptions_in_the_soak(EngineProgram program) => HoldsInEverySchedule(program, preemptions: 3);
}

/// <summary>The same for a mutex, and for sets with the gate.</summary>
public sealed class SmallLockPropertyTests(ITestOutputHelper output) : PropertyTests(output)
{
    private const int MostByDefault = 70_000;

    public static TheoryData<EngineProgram> Quick => Rows(SmallPrograms.MutexOfThree, SmallPrograms.MutexCancelled);

    public static TheoryData<EngineProgram> Slow => Rows(
        SmallPrograms.MutexCancelledBetween,
        SmallPrograms.WordsAndWhole,
        SmallPrograms.SetsAndWhole,
        SmallPrograms.SetsInBothOrders,
        SmallPrograms.CancelledSet);

    [Theory]
    [MemberData(nameof(Quick))]
    public void Holds_under_every_schedule_with_three_preemptions(EngineProgram program) => HoldsInEverySchedule(program, preemptions: 3);

    [Theory]
    [MemberData(nameof(Slow))]
    public void Holds_under_every_schedule_with_two_preemptions(EngineProgram program) => HoldsInEverySchedule(program, preemptions: 2, MostByDefault);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Slow))]
    public void Holds_under_every_schedule_with_three_preemptions_in_the_soak(EngineProgram program) => HoldsInEverySchedule(program, preemptions: 3);
}
