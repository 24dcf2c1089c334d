namespace SmallRtnl;

/// <summary>The lock word of a handler: what is held while it runs.</summary>
/// <remarks>The order of the members is by strength, weakest last.</remarks>
public enum RtnlLock
{
    /// <summary>The whole of RTNL, exclusively: every namespace is frozen (<c>rtnl_lock()</c>). The default.</summary>
    Rtnl = 0,

    /// <summary>The RTNL of the request's namespace, or of all the namespaces its resolve method named (<c>rtnl_net_lock(net)</c>).</summary>
    PerNet = 1,

    /// <summary>Nothing: the handler reads one immutable snapshot (an RCU reader).</summary>
    Unlocked = 2,
}
