// ==== wrong: in the arms of a switch expression, a pattern, a guard
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        int found = request.Message.Index switch
        {
            0 when _count > 0 => 1, // RTNL101
            > 3 => _count, // RTNL101
            _ => 0,
        };
        if (this is { _count: > 3 }) // RTNL101
            found++;
        return found > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: in the arms of a switch expression under the word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        int found = request.Message.Index switch
        {
            0 when _count > 0 => 1,
            > 3 => _count,
            _ => 0,
        };
        return found > 0 && this is { _count: > 3 } ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: a query, an interpolated string, a collection expression, nameof that is none
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [GuardedBy(PerNet)] private readonly List<int> _rows = [];
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        int[] numbers = [1, 2, _count]; // RTNL101
        IEnumerable<int> query = from number in numbers where number > _count select number; // RTNL101
        int[] spread = [.. _rows, .. query]; // RTNL101
        string text = $"{_count} and {nameof(_count)}"; // RTNL101
        return spread.Length > text.Length ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: nameof and typeof touch nothing
public sealed class H
{
    [GuardedBy(PerNet)] private readonly int _count = 3;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => nameof(_count).Length > typeof(H).Name.Length ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: a foreach with an enumerator of one's own
public sealed class Rows
{
    [GuardedBy(PerNet)] internal int _last;
    public Walker GetEnumerator() => new(this);
    public struct Walker(Rows rows)
    {
        private int _at;
        public readonly int Current => _at;
        public bool MoveNext() => ++_at < rows._last; // RTNL101 by H.New → Walker.MoveNext
    }
}
public sealed class H(Rows rows)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        foreach (int row in rows)
            GC.KeepAlive(row);
        return RtnlResult.Ok;
    }
}

// ==== right: a foreach with an enumerator of one's own under the word
public sealed class Rows
{
    [GuardedBy(PerNet)] internal int _last;
    public Walker GetEnumerator() => new(this);
    public struct Walker(Rows rows)
    {
        private int _at;
        public readonly int Current => _at;
        public bool MoveNext() => ++_at < rows._last;
    }
}
public sealed class H(Rows rows)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        foreach (int row in rows)
            GC.KeepAlive(row);
        return RtnlResult.Ok;
    }
}

// ==== wrong: a collection initialiser's Add, a lock statement, a throw expression, a goto
public static class State { [GuardedBy(PerNet)] public static int Count; }
public sealed class Bag : IEnumerable<int>
{
    public void Add(int value) => State.Count += value; // RTNL101 by H.New → Bag.Add
    public IEnumerator<int> GetEnumerator() => Enumerable.Empty<int>().GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
public sealed class H
{
    private readonly object _sync = new();
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        var bag = new Bag { 3 };
        lock (_sync)
            State.Count--; // RTNL101
        if (bag is null)
            throw new InvalidOperationException(State.Count.ToString()); // RTNL101
        again:
        if (State.Count++ < 3) // RTNL101
            goto again;
        return RtnlResult.Ok;
    }
}

// ==== right: code that is never reached
public static class State { [GuardedBy(PerNet)] public static int Count; }
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        return RtnlResult.Ok;
#pragma warning disable CS0162
        State.Count++;
#pragma warning restore CS0162
    }
}

// ==== wrong: in each kind of loop and jump
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        for (int i = 0; i < 3; i++)
        {
            if (i == 2)
                continue;
            _count++; // RTNL101
        }
        do
        {
            if (request.IsStrict)
                break;
        }
        while (_count > 3); // RTNL101
        while (_count > 3) // RTNL101
            return RtnlResult.Ok;
        return RtnlResult.Ok;
    }
}

// ==== right: in each kind of loop under the word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        for (int i = _count; i < 3; i++)
            _count++;
        do
        {
            _count--;
        }
        while (_count > 3);
        while (_count > 3)
            _count = 0;
        return RtnlResult.Ok;
    }
}
