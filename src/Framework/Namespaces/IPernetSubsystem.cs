namespace SmallRtnl;

/// <summary>
/// A subsystem with state in every namespace (<c>struct pernet_operations</c>). Registered by <see cref="PernetSubsystemAttribute"/> or
/// <see cref="RtnetlinkBuilderExtensions.AddPernetSubsystem{T}"/>; a singleton with constructor injection.
/// </summary>
public interface IPernetSubsystem
{
    /// <summary>Adds the subsystem's state to a namespace that nobody sees yet.</summary>
    void Init(PernetInit init);

    /// <summary>
    /// Takes the subsystem's state down, under the namespace's RTNL (<c>exit_rtnl</c>). May stage, notify and post to other
    /// namespaces; must not throw.
    /// </summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    void Exit(RtnlContext context, Net net);
}

/// <summary>A namespace in the making.</summary>
public readonly struct PernetInit
{
    private readonly object?[] _slots;

    internal PernetInit(Net net, object?[] slots)
    {
        Net = net;
        _slots = slots;
    }

    /// <summary>The namespace; not yet in its registry.</summary>
    public Net Net { get; }

    /// <summary>Adds state.</summary>
    /// <exception cref="InvalidOperationException">Another subsystem has state of this type.</exception>
    public void Add<T>(T initial)
        where T : class
    {
        ref object? slot = ref _slots[NetState<T>.Index];
        if (slot is not null)
            throw new InvalidOperationException($"Per-net state of type {typeof(T)} is registered twice.");
        slot = initial;
    }

    /// <summary>What a subsystem initialised earlier has added.</summary>
    public T Get<T>()
        where T : class => NetSnapshot.Get<T>(_slots);
}
