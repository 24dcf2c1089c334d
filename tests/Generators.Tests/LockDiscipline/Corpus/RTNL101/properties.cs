// ==== wrong: a getter that reads
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private int Count => _count; // RTNL101 by H.Get → H.Count → H._count
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => Count > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
}

// ==== right: a getter that reads under the word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private int Count => _count;
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) => Count > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
}

// ==== wrong: a setter, by a compound assignment
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    private int Count { get => _count; set => _count = value; } // RTNL101
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Count += 2; return RtnlResult.Ok; }
}

// ==== right: only the getter is used
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    private int Count { get => _count; set => _count = value; }
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => Count > 2 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request) { Count++; return RtnlResult.Ok; }
}

// ==== wrong: a guarded automatic property
public sealed class H
{
    [GuardedBy(PerNet)] private int Count { get; set; }
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Count = 3; // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: a guarded automatic property under its word
public sealed class H
{
    [GuardedBy(PerNet)] private int Count { get; set; }
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Count = 3;
        return RtnlResult.Ok;
    }
}

// ==== wrong: a field-backed property, its field guarded by the property's attribute
public sealed class H
{
    [GuardedBy(PerNet)] public int Count { get => field; set => field = Math.Max(0, value); }
    [RequiresLock(Unlocked)]
    public void Reset() => GC.KeepAlive(Count); // RTNL101
}

// ==== right: a property that requires the lock
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(PerNet)] public int Count { get => _count; set => _count = value; }
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Count++; return RtnlResult.Ok; }
}

// ==== wrong: an indexer
public sealed class Rows
{
    [GuardedBy(Rtnl)] private readonly int[] _rows = new int[8];
    public int this[int at] { get => _rows[at]; set => _rows[at] = value; } // RTNL101 by H.New → Rows[]
}
public sealed class H(Rows rows)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { rows[3] = rows[2]; return RtnlResult.Ok; }
}

// ==== right: an indexer that is only read
public sealed class Rows
{
    [GuardedBy(Rtnl)] private readonly int[] _rows = new int[8];
    public int this[int at] { get => _rows[at]; set => _rows[at] = value; }
}
public sealed class H(Rows rows)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => rows[3] == 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    [DoIt(Rtnl)]
    public RtnlResult Delete(in Request request) { rows[3] = 0; return RtnlResult.Ok; }
}
