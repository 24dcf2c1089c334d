// ==== wrong: Add is a write of the state
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly Dictionary<int, string> _rows = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _rows.Add(3, "x"); // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: looking up is a read
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly Dictionary<int, string> _rows = [];
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) => _rows.TryGetValue(3, out _) && _rows.Count > 3 && _rows.ContainsKey(4) ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
}

// ==== wrong: an element of an array, a dictionary's indexer, and a list behind a conversion
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly int[] _array = new int[4];
    [GuardedBy(Rtnl)] private readonly Dictionary<int, int> _map = [];
    [GuardedBy(Rtnl)] private readonly List<int> _list = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _array[2] = 3; // RTNL101
        _array[_array[0]]++; // RTNL101
        _map[3] = _map[4]; // RTNL101
        ((IList<int>)_list).Remove(3); // RTNL101
        _list?.Clear(); // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: elements that are read
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly int[] _array = new int[4];
    [GuardedBy(Rtnl)] private readonly Dictionary<int, int> _map = [];
    [GuardedBy(Rtnl)] private readonly List<int> _list = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        int sum = _array[2] + _map[4] + _list.IndexOf(3) + (_list?.Count ?? 0);
        foreach (int number in _array)
            sum += number;
        return sum > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: a copy of the reference is the same state
public sealed class H
{
    [GuardedBy(PerNet)] private readonly List<int> _list = [];
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        List<int> list;
        using (net.Lock(context))
            list = _list;
        list.Add(3); // RTNL101
    }
}

// ==== right: the copy of the reference is used inside the scope
public sealed class H
{
    [GuardedBy(PerNet)] private readonly List<int> _list = [];
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using (net.Lock(context))
        {
            List<int> list = _list;
            list.Add(3);
        }
        List<int> other = [];
        other.Add(4);
    }
}

// ==== wrong: a ref local, a ref argument, an out argument
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        ref int count = ref _count; // RTNL101
        count++; // RTNL101
        Change(ref _count); // RTNL101
        _ = int.TryParse("3", out _count); // RTNL101
        return RtnlResult.Ok;
    }
    private static void Change(ref int value) => value++;
}

// ==== right: an argument by value and by in
public sealed class H
{
    [GuardedBy(Rtnl)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => Look(_count, in _count) > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    private static int Look(int value, in int other) => value + other;
}

// ==== wrong: a member of a guarded struct, and a struct that changes itself
public struct Pair { public int A; public int B; public void Swap() => (A, B) = (B, A); public readonly int Sum() => A + B; }
public sealed class H
{
    [GuardedBy(Rtnl)] private Pair _pair;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _pair.A = 3; // RTNL101
        _pair.Swap(); // RTNL101
        return _pair.Sum() > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: a copy of a guarded struct
public struct Pair { public int A; public int B; public void Swap() => (A, B) = (B, A); }
public sealed class H
{
    [GuardedBy(Rtnl)] private Pair _pair;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Pair pair = _pair;
        pair.A = 3;
        pair.Swap();
        return pair.A > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: a deconstruction into a guarded field, a tuple swap, ??=
public sealed class H
{
    [GuardedBy(Rtnl)] private int _a;
    [GuardedBy(Rtnl)] private string? _b;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        (_a, int other) = (3, _a); // RTNL101
        _b ??= other.ToString(); // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: an immutable collection is replaced under the word, and read under a weaker one
public sealed class H
{
    [GuardedBy(Rtnl)] private ImmutableList<int> _list = [];
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request) => _list.Add(3).Count > 4 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    [DoIt(Rtnl)]
    public RtnlResult New(in Request request) { _list = _list.Add(3); return RtnlResult.Ok; }
}

// ==== wrong: a list that Rtnl guards is handed to a helper that may change it
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly List<int> _rows = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Append(_rows); // RTNL101
        return RtnlResult.Ok;
    }
    private static void Append(List<int> rows) => rows.Add(1);
}

// ==== right: a list that Rtnl guards is handed to a helper that can only read it
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly List<int> _rows = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => Sum(_rows) > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    private static int Sum(IReadOnlyList<int> rows)
    {
        int sum = 0;
        for (int i = 0; i < rows.Count; i++)
            sum += rows[i];
        return sum;
    }
}

// ==== wrong: a list that Rtnl guards is returned to whoever changes it
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly List<int> _rows = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Rows().Add(1);
        return RtnlResult.Ok;
    }
    private List<int> Rows() => _rows; // RTNL101
}

// ==== right: a list that Rtnl guards is returned to be read
public sealed class H
{
    [GuardedBy(Rtnl)] private readonly List<int> _rows = [];
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) => Rows().Count > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    private IReadOnlyCollection<int> Rows() => _rows;
}
