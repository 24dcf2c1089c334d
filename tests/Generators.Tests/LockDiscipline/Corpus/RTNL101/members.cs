// ==== wrong: an operator
public readonly struct Amount(int value)
{
    [GuardedBy(PerNet)] private static int s_operations;
    public int Value => value;
    public static Amount operator +(Amount left, Amount right)
    {
        s_operations++; // RTNL101 by H.New → Amount.op_Addition
        return new Amount(left.Value + right.Value);
    }
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Amount sum = new Amount(3) + new Amount(4);
        return sum.Value > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: an operator that touches nothing
public readonly struct Amount(int value)
{
    public int Value => value;
    public static Amount operator +(Amount left, Amount right) => new(left.Value + right.Value);
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) => (new Amount(3) + new Amount(4)).Value > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
}

// ==== wrong: a conversion
public sealed class Amount
{
    [GuardedBy(PerNet)] private static int s_operations;
    public static implicit operator Amount(int value)
    {
        s_operations += value; // RTNL101
        return new Amount();
    }
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Amount amount = 3;
        return amount is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: a conversion under the word
public sealed class Amount
{
    [GuardedBy(PerNet)] private static int s_operations;
    public static implicit operator Amount(int value)
    {
        s_operations += value;
        return new Amount();
    }
}
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Amount amount = 3;
        return amount is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: an extension method and an extension block
public sealed class Thing { [GuardedBy(PerNet)] public int Value; }
public static class Extensions
{
    public static void Raise(this Thing thing) => thing.Value++; // RTNL101 by H.New → Extensions.Raise
    extension(Thing thing)
    {
        public void Lower() => thing.Value--; // RTNL101
        public int Twice => thing.Value * 2; // RTNL101
    }
}
public sealed class H(Thing thing)
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        thing.Raise();
        thing.Lower();
        return thing.Twice > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: an extension method and an extension block under the word
public sealed class Thing { [GuardedBy(PerNet)] public int Value; }
public static class Extensions
{
    public static void Raise(this Thing thing) => thing.Value++;
    extension(Thing thing)
    {
        public void Lower() => thing.Value--;
        public int Twice => thing.Value * 2;
    }
}
public sealed class H(Thing thing)
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        thing.Raise();
        thing.Lower();
        Extensions.Lower(thing);
        return thing.Twice > 3 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: a local function, before it stands
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Count();
        return RtnlResult.Ok;
        void Count() => _count++; // RTNL101 by H.New → H.New.Count
    }
}

// ==== right: a local function that says what it needs, under the word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Count();
        return RtnlResult.Ok;
        [RequiresLock(PerNet)] void Count() => _count++;
    }
}

// ==== wrong: a static local function called inside a lambda inside a local function
public static class State { [GuardedBy(Rtnl)] public static int Count; }
public sealed class H
{
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Outer([1, 2]);
        return RtnlResult.Ok;
        static void Outer(int[] numbers) => Array.ForEach(numbers, number => Inner(number));
        static void Inner(int number) => State.Count += number; // RTNL101
    }
}

// ==== right: a local function after a scope of its own
public sealed class Service
{
    [GuardedBy(PerNet)] private int _count;
    [RequiresLock(Unlocked)]
    public void Run(RtnlContext context, Net net)
    {
        using RtnlLease lease = net.Lock(context);
        Count(2);
        void Count(int times)
        {
            if (times > 0)
            {
                _count++;
                Count(times - 1);
            }
        }
    }
}

// ==== wrong: a partial method
public sealed partial class H
{
    [GuardedBy(PerNet)] private int _count;
    partial void Touch(int by);
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) { Touch(3); return RtnlResult.Ok; }
}
public sealed partial class H
{
    partial void Touch(int by) => _count += by; // RTNL101 by H.New → H.Touch
}

// ==== right: a partial property and a partial method that nobody has written
public sealed partial class H
{
    partial void Nothing();
    [GuardedBy(PerNet)] private partial int Count { get; set; }
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Nothing(); Count++; return RtnlResult.Ok; }
}
public sealed partial class H
{
    private int _count;
    private partial int Count { get => _count; set => _count = value; }
}

// ==== wrong: a record's with and deconstruction
public sealed record Row(int Key)
{
    [GuardedBy(PerNet)] private static int s_copies;
    private Row(Row other) { Key = other.Key; }
    public int Next { get; init => field = value + s_copies++; } // RTNL101
    public void Deconstruct(out int key, out int copies) { key = Key; copies = s_copies; } // RTNL101
}
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Row row = new Row(3) with { Next = 4 };
        (int key, int copies) = row;
        return key > copies ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== right: a record without state
public sealed record Row(int Key) { public int Next { get; init; } }
public sealed class H
{
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        Row row = new Row(3) with { Next = 4 };
        return row is { Next: > 3, Key: var key } && key > 0 ? RtnlResult.Ok : RtnlResult.Error(Errno.EINVAL);
    }
}

// ==== wrong: an event
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private event Action? Happened;
    public H() => Happened += () => _count++; // RTNL101
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Happened?.Invoke(); return RtnlResult.Ok; }
}

// ==== right: an event whose delegate says what is held
[RequiresLock(PerNet)]
public delegate void Happening();
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private event Happening? Happened;
    public H() => Happened += () => _count++;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request) { Happened?.Invoke(); return RtnlResult.Ok; }
}

// ==== wrong: a guarded event
public sealed class H
{
    [GuardedBy(Rtnl)] private event Action? Happened;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        Happened += static () => { }; // RTNL101
        Happened?.Invoke();
        return RtnlResult.Ok;
    }
}
