namespace SmallRtnl;

/// <summary>
/// A single published reference outside the versioned state: readers dereference it without a lock, writers replace it under RTNL.
/// </summary>
/// <typeparam name="T">An immutable type.</typeparam>
public sealed class Rcu<T>(T initial)
    where T : class
{
    private T _value = initial;

    /// <summary>Reads from a snapshot section or under the namespace's RTNL (<c>rcu_dereference_rtnl_net</c>).</summary>
    public T Read(Net net)
    {
        RtnlAssert.ReaderOrHeld(net);
        return Volatile.Read(ref _value);
    }

    /// <summary>The same, for an owner who has left no note on the thread: with a lease that crosses awaits.</summary>
    public T Read(Net net, RtnlContext context)
    {
        RtnlAssert.ReaderOrHeld(net, context);
        return Volatile.Read(ref _value);
    }

    /// <summary>Reads under the namespace's RTNL only (<c>rtnl_net_dereference</c>).</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public T Dereference(Net net)
    {
        RtnlAssert.NetHeld(net);
        return Volatile.Read(ref _value);
    }

    /// <summary>The same, for an owner who has left no note on the thread.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public T Dereference(Net net, RtnlContext context)
    {
        RtnlAssert.NetHeld(net, context);
        return Volatile.Read(ref _value);
    }

    /// <summary>Publishes a new value under the namespace's RTNL (<c>rcu_replace_pointer_rtnl_net</c>).</summary>
    /// <returns>The value it replaces.</returns>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public T Replace(Net net, T value)
    {
        RtnlAssert.NetHeld(net);
        return Interlocked.Exchange(ref _value, value);
    }

    /// <summary>The same, for an owner who has left no note on the thread.</summary>
    /// <returns>The value it replaces.</returns>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public T Replace(Net net, T value, RtnlContext context)
    {
        RtnlAssert.NetHeld(net, context);
        return Interlocked.Exchange(ref _value, value);
    }
}

/// <summary>A published reference that may be written without a lock, by compare-and-swap.</summary>
/// <typeparam name="T">An immutable type.</typeparam>
public sealed class AtomicRcu<T>(T initial)
    where T : class
{
    private T _value = initial;

    /// <summary>Reads the current value.</summary>
    public T Read() => Volatile.Read(ref _value);

    /// <summary>Replaces the value if it is still <paramref name="expected"/>.</summary>
    public bool TryReplace(T expected, T value) => ReferenceEquals(Interlocked.CompareExchange(ref _value, value, expected), expected);

    /// <summary>Replaces the value by what <paramref name="change"/> makes of it, which may run more than once.</summary>
    public T Update(Func<T, T> change)
    {
        while (true)
        {
            T before = Read();
            T after = change(before);
            if (TryReplace(before, after))
                return after;
        }
    }
}
