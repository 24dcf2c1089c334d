namespace SmallRtnl.Coyote.Tests;

/// <summary>Coyote bites: each seeded mistake is found, and found again from its trace.</summary>
public sealed class MistakeTests(ITestOutputHelper output)
{
    private const int Schedules = 10_000;

    public static TheoryData<Mistake> Mistakes =>
    [
        new Mistake("a release wakes nobody", "Locking/NetMutex.cs",
            "next?.Grant(now);", "",
            new("Exclusion")),
        new Mistake("a shared entry that steps back serves nobody", "Locking/RtnlGate.Entry.cs",
            "_shared.TakeBack(stripe);\n        if (Volatile.Read(ref _state) != Open)\n            ServeAfterExit();", "_shared.TakeBack(stripe);",
            new("Overtaking")),
        new Mistake("a set is locked in the order in which it was named", "Locking/NetLockSet.cs",
            "int at = Count;\n        while (at > 0 && Net.CompareLockOrder(net, _nets[at - 1]!) <= 0)", "if (Contains(net))\n            return;\n        int at = Count;\n        while (at < 0)",
            new("Sets")),
        new Mistake("a cancellation between two steps is overlooked", "Locking/LockWaiter.cs",
            "return !Volatile.Read(ref _isCancelled);", "return true;",
            new("CancelEnds")),
        new Mistake("a namespace's last user and its death are not one step", "Namespaces/Net.cs",
            "int seen = Interlocked.CompareExchange(ref _users, users == 1 ? Dead : users - 1, users);",
            "int seen = Interlocked.CompareExchange(ref _users, users - 1, users);\n            if (seen == 1 && users == 1)\n                Volatile.Write(ref _users, Dead);",
            new("Teardown")),
        new Mistake("an exclusive phase never ends", "Locking/RtnlGate.Entry.cs",
            "(_sharedWaiters.Count == 0 || _batchLeft > 0)", "_batchLeft > -1",
            new("Fairness")),
    ];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Is_found(Mistake mistake)
    {
        Func<Task> program = CoyoteEngine.Bind(mistake.Program, mistake.File, mistake.Text, mistake.Replacement);
        Exploration exploration = Systematic.Explore(program, Schedules);
        output.WriteLine(exploration.ToString());
        Assert.NotNull(exploration.Failure);
        Exploration again = Systematic.Replay(program, exploration.Trace!);
        Assert.Equal(FirstLine(exploration.Failure), FirstLine(again.Failure!));
    }

    private static string FirstLine(string text) => text.Split('\n')[0];
}

/// <summary>A mistake that somebody might make in the engine: one text of a source file in another's place.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="File">Of src/Framework.</param>
/// <param name="Text">Occurs once in the file.</param>
/// <param name="Replacement">Stands in its place.</param>
/// <param name="Program">Must fail.</param>
public sealed record Mistake(string Name, string File, string Text, string Replacement, CoyoteProgram Program)
{
    public override string ToString() => Name;
}
