namespace SmallRtnl.Links;

/// <summary>What happened to a link (the netdev events that our subsystems react to).</summary>
public enum LinkEvent
{
    /// <summary>NETDEV_REGISTER: it is new in the namespace, created or moved there.</summary>
    [LockClass(RtnlLock.PerNet)]
    Register = 0,

    /// <summary>NETDEV_UNREGISTER: it leaves the namespace; it is down already.</summary>
    [LockClass(RtnlLock.PerNet)]
    Unregister = 1,

    /// <summary>NETDEV_UP: administratively up.</summary>
    [LockClass(RtnlLock.PerNet)]
    Up = 2,

    /// <summary>NETDEV_DOWN: administratively down.</summary>
    [LockClass(RtnlLock.PerNet)]
    Down = 3,

    /// <summary>NETDEV_CHANGE: the carrier came or went while it was up.</summary>
    [LockClass(RtnlLock.PerNet)]
    Change = 4,

    /// <summary>NETDEV_CHANGEMTU.</summary>
    [LockClass(RtnlLock.PerNet)]
    ChangeMtu = 5,

    /// <summary>NETDEV_CHANGEADDR: the link-layer address.</summary>
    [LockClass(RtnlLock.PerNet)]
    ChangeAddress = 6,

    /// <summary>NETDEV_CHANGENAME.</summary>
    [LockClass(RtnlLock.PerNet)]
    ChangeName = 7,
}

/// <summary>What a link event is about.</summary>
/// <param name="Before">The link before; the same as <paramref name="After"/> for Register and Unregister.</param>
/// <param name="After">The link now.</param>
public readonly record struct LinkTransition(Link Before, Link After);

/// <summary>A subsystem that reacts to links. A <c>[PernetSubsystem]</c> that implements it is called, in the order of initialisation.</summary>
public interface ILinkNotifier
{
    /// <summary>
    /// Called under the RTNL of the link's namespace, after the link table with <paramref name="after"/> has been staged; may stage and notify
    /// there through <paramref name="context"/>. For <see cref="LinkEvent.Unregister"/> the link is still in the table.
    /// </summary>
    /// <param name="context">The request that caused it.</param>
    /// <param name="net">The link's namespace.</param>
    /// <param name="what">The event.</param>
    /// <param name="before">The link before; the same as <paramref name="after"/> for Register and Unregister.</param>
    /// <param name="after">The link now.</param>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    void OnLinkEvent(RtnlContext context, Net net, LinkEvent what, Link before, Link after);
}
