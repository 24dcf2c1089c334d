namespace SmallRtnl;

/// <summary>What a notifier says to an event.</summary>
public enum NotifierVerdict
{
    /// <summary>The event goes on to the next.</summary>
    Continue = 0,

    /// <summary>The event ends here (NOTIFY_STOP, NOTIFY_BAD): no later notifier hears it, and after a namespace's chain not the global one.</summary>
    Stop = 1,
}

/// <summary>Hears the events of devices (<c>struct notifier_block</c>).</summary>
/// <typeparam name="TEvent">The events: an enum whose every member has a <see cref="LockClassAttribute"/>.</typeparam>
/// <typeparam name="TDevice">What an event is about.</typeparam>
public interface INotifier<TEvent, TDevice>
    where TEvent : struct, Enum
{
    /// <summary>
    /// Hears an event, under the word of its class. On the global chain different namespaces' events may come at once: what
    /// the notifier keeps it must guard itself.
    /// </summary>
    /// <param name="context">The owner that raised it; may stage, notify and post.</param>
    /// <param name="net">The device's namespace.</param>
    /// <param name="what">The event.</param>
    /// <param name="device">The device.</param>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    NotifierVerdict OnEvent(RtnlContext context, Net net, TEvent what, TDevice device);
}

/// <summary>Tells a chain which events a newcomer has missed, and which ones take them back.</summary>
/// <typeparam name="TEvent">The events.</typeparam>
/// <typeparam name="TDevice">What an event is about.</typeparam>
public interface INotifierReplay<TEvent, TDevice>
    where TEvent : struct, Enum
{
    /// <summary>What the namespace's devices have been through: REGISTER for each, and UP for those that are up.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    IEnumerable<(TEvent What, TDevice Device)> Arrivals(RtnlContext context, Net net);

    /// <summary>The reverse: DOWN for those that are up, UNREGISTER for each.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    IEnumerable<(TEvent What, TDevice Device)> Departures(RtnlContext context, Net net);
}
