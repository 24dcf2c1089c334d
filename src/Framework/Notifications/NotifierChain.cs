using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// The notifier chain of devices: one a namespace and a global one. An event runs through its namespace's chain first; a stop verdict there
/// skips the global one (<c>call_netdevice_notifiers_info</c>). Each event's declared lock class is checked every time it is raised.
/// </summary>
/// <remarks>
/// Registration replays what the newcomer has missed, each namespace under its own RTNL, and takes it back from all of them if the newcomer
/// refuses in one (<c>register_netdevice_notifier</c>). Registrations of a namespace's chain need its RTNL, of the global chain the whole.
/// </remarks>
/// <typeparam name="TEvent">The events: an enum whose every member has a <see cref="LockClassAttribute"/>.</typeparam>
/// <typeparam name="TDevice">What an event is about.</typeparam>
public sealed class NotifierChain<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEvent, TDevice>
    where TEvent : struct, Enum
{
    private static readonly FrozenDictionary<TEvent, RtnlLock> s_classes = ReadClasses();

    private readonly ConditionalWeakTable<Net, Subscribers> _nets = [];
    private readonly Subscribers _global = new();
    private readonly INotifierReplay<TEvent, TDevice> _replay;

    /// <summary>Makes a chain.</summary>
    /// <param name="replay">What newcomers have missed.</param>
    /// <exception cref="InvalidOperationException">A member of <typeparamref name="TEvent"/> has no lock class.</exception>
    public NotifierChain(INotifierReplay<TEvent, TDevice> replay)
    {
        foreach (TEvent what in Enum.GetValues<TEvent>())
        {
            if (!s_classes.ContainsKey(what))
                throw new InvalidOperationException($"{typeof(TEvent).Name}.{what} has no lock class: mark it with [LockClass(PerNet)] or [LockClass(Rtnl)].");
        }
        _replay = replay;
    }

    /// <summary>Raises an event under the word of its class.</summary>
    /// <exception cref="RtnlAssertionException">The word is not held.</exception>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public NotifierVerdict Raise(RtnlContext context, Net net, TEvent what, TDevice device)
    {
        AssertClass(context, net, what);
        if (_nets.TryGetValue(net, out Subscribers? own) && own.Tell(context, net, what, device) == NotifierVerdict.Stop)
            return NotifierVerdict.Stop;
        return _global.Tell(context, net, what, device);
    }

    /// <summary>Registers on a namespace's chain, under its RTNL, and replays what its devices have been through.</summary>
    /// <returns>False where the newcomer refused an event: it has been told the reverse of what it accepted, and is not registered.</returns>
    /// <exception cref="RtnlAssertionException">The namespace's RTNL is not held.</exception>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public bool TryRegister(RtnlContext context, Net net, INotifier<TEvent, TDevice> notifier)
    {
        RtnlAssert.NetHeld(net, context);
        if (!TryReplay(context, net, notifier))
            return false;
        _nets.GetValue(net, static _ => new Subscribers()).Add(notifier);
        return true;
    }

    /// <summary>Leaves a namespace's chain, under its RTNL; the notifier is told that its devices depart.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Unregister(RtnlContext context, Net net, INotifier<TEvent, TDevice> notifier)
    {
        RtnlAssert.NetHeld(net, context);
        if (_nets.TryGetValue(net, out Subscribers? own) && own.Remove(notifier))
            TakeBack(context, net, notifier);
    }

    /// <summary>Registers on the global chain, under the whole of RTNL, and replays every namespace.</summary>
    /// <returns>False where the newcomer refused an event in one of them: everything it accepted, in this and the earlier ones, has been taken back.</returns>
    /// <exception cref="RtnlAssertionException">The whole of RTNL is not held.</exception>
    [RequiresLock(RtnlLock.Rtnl)]
    public bool TryRegister(RtnlContext context, NetRegistry registry, INotifier<TEvent, TDevice> notifier)
    {
        ArgumentNullException.ThrowIfNull(registry);
        RtnlAssert.Held(context);
        var told = new List<Net>();
        foreach (Net net in registry.All())
        {
            if (TryReplay(context, net, notifier))
            {
                told.Add(net);
                continue;
            }
            for (int i = told.Count - 1; i >= 0; i--)
                TakeBack(context, told[i], notifier);
            return false;
        }
        _global.Add(notifier);
        return true;
    }

    /// <summary>Leaves the global chain, under the whole of RTNL; the notifier is told that every device departs.</summary>
    [RequiresLock(RtnlLock.Rtnl)]
    public void Unregister(RtnlContext context, NetRegistry registry, INotifier<TEvent, TDevice> notifier)
    {
        ArgumentNullException.ThrowIfNull(registry);
        RtnlAssert.Held(context);
        if (!_global.Remove(notifier))
            return;
        foreach (Net net in registry.All())
            TakeBack(context, net, notifier);
    }

    private static FrozenDictionary<TEvent, RtnlLock> ReadClasses()
    {
        var classes = new Dictionary<TEvent, RtnlLock>();
        foreach (FieldInfo field in typeof(TEvent).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetCustomAttribute<LockClassAttribute>() is { } attribute)
                classes[(TEvent)field.GetValue(null)!] = attribute.Lock;
        }
        return classes.ToFrozenDictionary();
    }

    private static void AssertClass(RtnlContext context, Net net, TEvent what)
    {
        if (s_classes[what] == RtnlLock.Rtnl)
            RtnlAssert.Held(context);
        else
            RtnlAssert.NetHeld(net, context);
    }

    private bool TryReplay(RtnlContext context, Net net, INotifier<TEvent, TDevice> notifier)
    {
        foreach ((TEvent what, TDevice device) in _replay.Arrivals(context, net))
        {
            AssertClass(context, net, what);
            if (notifier.OnEvent(context, net, what, device) == NotifierVerdict.Continue)
                continue;
            TakeBack(context, net, notifier);
            return false;
        }
        return true;
    }

    private void TakeBack(RtnlContext context, Net net, INotifier<TEvent, TDevice> notifier)
    {
        foreach ((TEvent what, TDevice device) in _replay.Departures(context, net))
            _ = notifier.OnEvent(context, net, what, device);
    }

    /// <summary>Those on one chain, in the order of registration. Read without a lock, replaced under one.</summary>
    private sealed class Subscribers
    {
        private readonly Lock _sync = new();
        private INotifier<TEvent, TDevice>[] _notifiers = [];

        public void Add(INotifier<TEvent, TDevice> notifier)
        {
            lock (_sync)
                Volatile.Write(ref _notifiers, [.. _notifiers, notifier]);
        }

        public bool Remove(INotifier<TEvent, TDevice> notifier)
        {
            lock (_sync)
            {
                int at = Array.IndexOf(_notifiers, notifier);
                if (at < 0)
                    return false;
                Volatile.Write(ref _notifiers, [.. _notifiers[..at], .. _notifiers[(at + 1)..]]);
                return true;
            }
        }

        public NotifierVerdict Tell(RtnlContext context, Net net, TEvent what, TDevice device)
        {
            foreach (INotifier<TEvent, TDevice> notifier in Volatile.Read(ref _notifiers))
            {
                if (notifier.OnEvent(context, net, what, device) == NotifierVerdict.Stop)
                    return NotifierVerdict.Stop;
            }
            return NotifierVerdict.Continue;
        }
    }
}
