// ==== wrong: an Unlocked handler stages
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        request.Stage(request.Read<Table>().With(3, "x")); // RTNL103
        request.Notify(1, default(Message)); // RTNL103
        return RtnlResult.Ok;
    }
}

// ==== right: a PerNet handler stages
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        request.Stage(request.Read<Table>().With(3, "x"));
        request.Notify(1, default(Message));
        return RtnlResult.Ok;
    }
}

// ==== wrong: a helper stages
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { Put(request.Context, request.Net); return RtnlResult.Ok; }
    private static void Put(RtnlContext context, Net net) => context.Stage(net, context.Read<Table>(net)); // RTNL103 by H.New → H.Put
}

// ==== right: an Unlocked handler answers
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request) => request.Read<Table>().Rows.ContainsKey(3) ? request.Reply(default(Message)) : RtnlResult.Error(Errno.ENOENT);
}

// ==== wrong: an Unlocked handler replaces an Rcu
public sealed class H
{
    private readonly Rcu<Table> _table = new(new Table(ImmutableDictionary<int, string>.Empty));
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        _table.Replace(request.Net, _table.Read(request.Net).With(3, "x")); // RTNL103
        return RtnlResult.Ok;
    }
}

// ==== right: an Unlocked handler writes an AtomicRcu
public sealed class H
{
    private readonly AtomicRcu<Table> _table = new(new Table(ImmutableDictionary<int, string>.Empty));
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        _table.Update(table => table.With(3, "x"));
        Table before = _table.Read();
        return _table.TryReplace(before, before.With(4, "y")) ? RtnlResult.Ok : RtnlResult.Error(Errno.EAGAIN);
    }
}

// ==== wrong: fields, statics, properties and collections that nothing guards
public static class State { public static int Count; }
public sealed class Settings { public int Level { get; set; } }
public sealed class H(Settings settings)
{
    private int _count;
    private readonly Dictionary<int, string> _rows = [];
    private int Own { get; set; }
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        _count++; // RTNL103
        State.Count = 3; // RTNL103
        settings.Level = 4; // RTNL103
        _rows[3] = "x"; // RTNL103
        Own = 4; // RTNL103
        return RtnlResult.Ok;
    }
}

// ==== right: what is made here, locals, and what is written by one atomic instruction or under a lock of its own
public sealed class Answer { public int Length { get; set; } public int[] Parts = new int[3]; }
public sealed class CacheLock : LockClass;
public sealed class H
{
    private int _count;
    private int _cached;
    private int _plain;
    private readonly Lock _sync = new();
    private readonly CacheLock _lock = new();
    private readonly ConcurrentDictionary<int, string> _rows = new();
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        var answer = new Answer { Length = 3 };
        answer.Length++;
        answer.Parts[1] = 4;
        Fill(answer);
        int local = 3;
        local++;
        Interlocked.Increment(ref _count);
        Volatile.Write(ref _count, local);
        lock (_sync)
            _plain++;
        using (_lock.Lock(request.Context))
            _cached++;
        _rows[3] = "x";
        _rows.TryAdd(4, "y");
        return RtnlResult.Ok;
    }
    private static void Fill(Answer answer) => answer.Length = 4;
}

// ==== wrong: a primary constructor's parameter is written
public sealed class H(int count)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        count++; // RTNL103
        return RtnlResult.Ok;
    }
}

// ==== right: a helper object of the request's own
public sealed class Builder
{
    private int _count;
    private readonly List<int> _rows = [];
    public Builder Add(int row) { _rows.Add(row); _count++; return this; }
    public int Count => _count;
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        var builder = new Builder();
        builder.Add(3);
        return builder.Count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: an object inside a snapshot is changed
public sealed class Row { public int Hits; }
public sealed record Rows(ImmutableDictionary<int, Row> All);
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult Get(in Request request)
    {
        Row row = request.Read<Rows>().All[3];
        row.Hits++; // RTNL103
        return RtnlResult.Ok;
    }
}

// ==== right: another version of it is staged
public sealed record Row(int Hits);
public sealed record Rows(ImmutableDictionary<int, Row> All);
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Rows rows = request.Read<Rows>();
        Row row = rows.All[3];
        request.Stage(rows with { All = rows.All.SetItem(3, row with { Hits = row.Hits + 1 }) });
        return RtnlResult.Ok;
    }
}

// ==== wrong: staged before asking whether the request is locked
public sealed class H
{
    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult New(in Request request)
    {
        request.Stage(request.Read<Table>()); // RTNL103
        return request.IsLocked ? RtnlResult.Ok : RtnlResult.NeedsLock;
    }
}
