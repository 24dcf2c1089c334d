// Each step hands over from one thread to another: what runs beside a program multiplies its time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace SmallRtnl.Coyote.Tests;

/// <summary>
/// The engine's properties under Coyote's schedules: a second opinion on what the explorer of Engine.Tests finds. <c>COYOTE_REPLAY</c>, the file
/// that a failure names, runs that one schedule instead.
/// </summary>
public sealed class PropertyTests(ITestOutputHelper output)
{
    // Some 3 ms each: the default run has as many as it can afford, and a million of all of them take most of a day.
    private const int DefaultSchedules = 600;
    private const int LongSchedules = 10_000;
    private const int SoakSchedules = 100_000;

    public static TheoryData<CoyoteProgram> Programs
    {
        get
        {
            var rows = new TheoryData<CoyoteProgram>();
            foreach (string name in (string[])["Exclusion", "Sets", "Cancel", "CancelEnds", "Teardown", "Posts", "MovingDevice"])
            {
                foreach (RtnlMode mode in Enum.GetValues<RtnlMode>())
                    rows.Add(new CoyoteProgram(name, mode));
            }
            rows.Add(new CoyoteProgram("Fairness"));
            rows.Add(new CoyoteProgram("Overtaking"));
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Holds_under_some_hundred_schedules(CoyoteProgram program) => Holds(program, DefaultSchedules);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Programs))]
    public void Holds_under_ten_thousand_schedules(CoyoteProgram program) => Holds(program, LongSchedules);

    [Theory]
    [Trait("Category", "Soak")]
    [MemberData(nameof(Programs))]
    public void Holds_under_a_hundred_thousand_schedules(CoyoteProgram program) => Holds(program, SoakSchedules);

    [Fact]
    public void What_Coyote_does_not_control_fails()
    {
        Exploration exploration = Systematic.Explore(CoyoteEngine.Bind(new CoyoteProgram("NotControlled")), schedules: 1);
        Assert.NotNull(exploration.Failure);
        Assert.Contains("WhenAll", exploration.Failure, StringComparison.Ordinal);
    }

    private void Holds(CoyoteProgram program, int schedules)
    {
        Func<Task> bound = CoyoteEngine.Bind(program);
        Exploration exploration = Environment.GetEnvironmentVariable("COYOTE_REPLAY") is { Length: > 0 } file
            ? Systematic.Replay(bound, File.ReadAllText(file))
            : Systematic.Explore(bound, schedules);
        output.WriteLine(exploration.ToString());
        if (exploration.Failure is null)
            return;
        string trace = Path.Combine(Path.GetTempPath(), $"coyote-{program.Name}-{program.Mode}.trace");
        File.WriteAllText(trace, exploration.Trace);
        Assert.Fail($"{program}: {exploration}\nCOYOTE_REPLAY={trace} runs this schedule again.");
    }
}
