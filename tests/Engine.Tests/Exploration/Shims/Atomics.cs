using System.Runtime.CompilerServices;

namespace SmallRtnl.Engine.Tests.Exploration.Shims;

/// <summary>Stands for System.Threading.Interlocked in the explored engine: each call is a step of its own.</summary>
public static class Interlocked
{
    public static int Increment(ref int location, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return ++location;
    }

    public static uint Increment(ref uint location, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return ++location;
    }

    public static long Increment(ref long location, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return ++location;
    }

    public static int Decrement(ref int location, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return --location;
    }

    public static long Decrement(ref long location, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return --location;
    }

    public static int Add(ref int location, int value, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return location += value;
    }

    public static long Add(ref long location, long value, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return location += value;
    }

    public static T Exchange<T>(ref T location, T value, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        T before = location;
        location = value;
        return before;
    }

    public static T CompareExchange<T>(ref T location, T value, T comparand, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        T before = location;
        if (EqualityComparer<T>.Default.Equals(before, comparand))
            location = value;
        return before;
    }
}

/// <summary>Stands for System.Threading.Volatile. Steps are sequentially consistent: what a weaker order would allow is not explored.</summary>
public static class Volatile
{
    public static T Read<T>(ref readonly T location, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        return location;
    }

    public static void Write<T>(ref T location, T value, [CallerMemberName] string member = "", [CallerLineNumber] int line = 0)
    {
        Scheduler.Step(member, line);
        location = value;
    }
}

/// <summary>Stands for System.Threading.Thread.</summary>
public static class Thread
{
    public static System.Threading.Thread CurrentThread => System.Threading.Thread.CurrentThread;

    /// <summary>Any core at any time: a task moves between two calls as threads do.</summary>
    public static int GetCurrentProcessorId() => Scheduler.Current is { } scheduler ? scheduler.Choose(scheduler.Cores) : 0;
}
