// ==== wrong: an iterator touches state under a weaker word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DumpIt(Unlocked)]
    public IEnumerable<Message> Dump(DumpRequest request)
    {
        for (int i = 0; i < _count; i++) // RTNL101
            yield return default;
    }
}

// ==== right: an iterator reads a snapshot
public sealed class H
{
    [DumpIt(Unlocked)]
    public IEnumerable<Message> Dump(DumpRequest request)
    {
        foreach (KeyValuePair<int, string> row in request.Read<Table>().Rows)
            yield return default;
    }
}

// ==== wrong: a mutable collection is walked across a yield while the lock comes and goes
public sealed class H
{
    [GuardedBy(PerNet)] private readonly Dictionary<int, string> _rows = [];
    [DumpIt(PerNet)]
    public IEnumerable<Message> Dump(DumpRequest request)
    {
        foreach (KeyValuePair<int, string> row in _rows) // RTNL101
            yield return default;
    }
}

// ==== right: a copy is walked across a yield
public sealed class H
{
    [GuardedBy(PerNet)] private readonly Dictionary<int, string> _rows = [];
    [DumpIt(PerNet)]
    public IEnumerable<Message> Dump(DumpRequest request)
    {
        foreach (KeyValuePair<int, string> row in _rows.ToArray())
            yield return default;
    }
}

// ==== wrong: walked through a copy of the reference
public sealed class H
{
    [GuardedBy(PerNet)] private readonly List<int> _rows = [];
    [DumpIt(PerNet)]
    public IEnumerable<Message> Dump(DumpRequest request)
    {
        List<int> rows = _rows;
        foreach (int row in rows) // RTNL101
            yield return default;
    }
}

// ==== right: walked without a yield, under the word
public sealed class H
{
    [GuardedBy(PerNet)] private readonly List<int> _rows = [];
    [DoIt(PerNet)]
    public RtnlResult Get(in Request request)
    {
        int sum = 0;
        foreach (int row in _rows)
            sum += row;
        return sum > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.ENOENT);
    }
}

// ==== wrong: a helper's iterator walks it across a yield
public sealed class H
{
    [GuardedBy(PerNet)] private readonly List<int> _rows = [];
    [DumpIt(PerNet)]
    public IEnumerable<Message> Dump(DumpRequest request)
    {
        foreach (int row in Rows())
            yield return default;
    }
    private IEnumerable<int> Rows()
    {
        foreach (int row in _rows) // RTNL101 by H.Dump → H.Rows
            yield return row + 1;
    }
}

// ==== wrong: an iterator that runs when the scope has ended
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public int Sum(RtnlContext context, Net net)
    {
        IEnumerable<int> numbers;
        using (net.Lock(context))
        {
            numbers = Numbers();
        }
        return numbers.Sum();
    }
    private IEnumerable<int> Numbers()
    {
        yield return _count; // RTNL101
    }
}

// ==== right: an iterator that is walked inside the scope
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public int Sum(RtnlContext context, Net net)
    {
        int sum = 0;
        using (net.Lock(context))
        {
            foreach (int number in Numbers())
                sum += number;
            sum += Numbers().Count();
        }
        return sum;
    }
    private IEnumerable<int> Numbers()
    {
        yield return _count;
    }
}

// ==== wrong: a LINQ query that is walked when the scope has ended
public sealed class Service
{
    [GuardedBy(PerNet)] private int _limit;
    [RequiresLock(Unlocked)]
    public int Sum(RtnlContext context, Net net, int[] numbers)
    {
        IEnumerable<int> few;
        using (net.Lock(context))
        {
            few = numbers.Where(number => number < _limit); // RTNL101
        }
        return few.Sum();
    }
}

// ==== right: a LINQ query that ends inside the scope
public sealed class Service
{
    [GuardedBy(PerNet)] private int _limit;
    [RequiresLock(Unlocked)]
    public int Sum(RtnlContext context, Net net, int[] numbers)
    {
        using (net.Lock(context))
            return numbers.Where(number => number < _limit).Select(number => number * _limit).Sum();
    }
}
