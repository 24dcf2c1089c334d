namespace SmallRtnl;

/// <summary>What a namespace is to a request.</summary>
public enum NetRole
{
    /// <summary>The namespace of the sender's socket.</summary>
    Socket = 0,

    /// <summary>Where the object is to live.</summary>
    Target = 1,

    /// <summary>Where the link it stands on lives (IFLA_LINK_NETNSID).</summary>
    Link = 2,

    /// <summary>Where its peer lives.</summary>
    Peer = 3,
}

/// <summary>
/// The namespaces that a request involves, named by its resolve method. The request's own is in the set from the start. The thunk
/// checks the sender's privilege in each and locks them all together.
/// </summary>
public sealed class NetSet
{
    private NetLockSet _nets;

    internal NetSet()
    {
    }

    /// <summary>The namespaces in lock order.</summary>
    internal ref readonly NetLockSet Nets => ref _nets;

    /// <summary>Adds a namespace.</summary>
    /// <exception cref="InvalidOperationException">More than three different namespaces.</exception>
    public void Add(Net net, NetRole role)
    {
        if (!Enum.IsDefined(role))
            throw new ArgumentOutOfRangeException(nameof(role));
        _nets.Add(net);
    }

    internal void Clear() => _nets = default;

    internal void Reset(Net own)
    {
        _nets = default;
        _nets.Add(own);
    }
}
