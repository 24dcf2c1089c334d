// ==== wrong: an escape with nothing left to excuse
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Help(); return RtnlResult.Ok; }
    [LockDisciplineIgnore("was needed once")] // RTNL112
    private static void Help() { }
}

// ==== right: an escape that is needed
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Help(); return RtnlResult.Ok; }
    [LockDisciplineIgnore("only one handler ever counts")]
    private void Help() => Inner();
    private void Inner() => _count++;
}

// ==== wrong: an escape without a reason
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Help(); return RtnlResult.Ok; }
    [LockDisciplineIgnore(" ")] // RTNL112
    private void Help() => _count++;
}

// ==== wrong: an escape excuses one way, not the other
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Help(); Inner(); return RtnlResult.Ok; }
    [LockDisciplineIgnore("only one handler ever counts")]
    private void Help() => Inner();
    private void Inner() => _count++; // RTNL101 by H.New → H.Inner
}

// ==== right: an escape on a field, a property and a constructor
public sealed class H
{
    [GuardedBy(PerNet), LockDisciplineIgnore("a statistic that may be wrong by one")] private int _count;
    [GuardedBy(PerNet)] private static int s_made;
    private int _value;
    [LockDisciplineIgnore("asked by the debugger only")]
    [RequiresLock(Unlocked)]
    public int Value { get => _value + s_made; set => _value = value; }
    [LockDisciplineIgnore("counts what the container makes")]
    public H() => s_made++;
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => _count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: pragmas and SuppressMessage that are stale or say nothing
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
#pragma warning disable RTNL101 // RTNL112
        _count++;
#pragma warning restore RTNL101
        return RtnlResult.Ok;
    }
    [System.Diagnostics.CodeAnalysis.SuppressMessage("SmallRtnl.Locking", "RTNL101:Guarded state", Justification = "was needed once")] // RTNL112
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) { _count--; return RtnlResult.Ok; }
    [System.Diagnostics.CodeAnalysis.SuppressMessage("SmallRtnl.Locking", "RTNL103")] // RTNL112
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => RtnlResult.Ok;
}

// ==== right: a pragma that excuses something and says why
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
#pragma warning disable RTNL101 // The count is a statistic.
        _count++;
#pragma warning restore RTNL101
        return RtnlResult.Ok;
    }
}
