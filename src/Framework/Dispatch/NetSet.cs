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
/// The namespaces that a request involves, named by its resolve method, each with its role. The request's own is in the set from the start. The thunk
/// asks of each of the others whether the sender may configure it, whatever its role, refuses with EPERM where not, and locks them all together.
/// </summary>
public sealed class NetSet
{
    private NetLockSet _nets;
    private Net? _own;

    internal NetSet()
    {
    }

    /// <summary>The namespaces in lock order.</summary>
    internal ref readonly NetLockSet Nets => ref _nets;

    /// <summary>Adds a namespace.</summary>
    /// <param name="net">The namespace.</param>
    /// <param name="role">What it is to the request; <see cref="NetRole.Socket"/> for the request's own alone.</param>
    /// <exception cref="ArgumentException">Another namespace than the request's own as <see cref="NetRole.Socket"/>.</exception>
    /// <exception cref="InvalidOperationException">More than three different namespaces.</exception>
    public void Add(Net net, NetRole role)
    {
        if (!Enum.IsDefined(role))
            throw new ArgumentOutOfRangeException(nameof(role));
        if (role == NetRole.Socket && !ReferenceEquals(net, _own))
            throw new ArgumentException($"Namespace {net} is not that of the sender's socket.", nameof(role));
        _nets.Add(net);
    }

    internal void Clear()
    {
        _nets = default;
        _own = null;
    }

    internal void Reset(Net own)
    {
        _nets = default;
        _own = own;
        _nets.Add(own);
    }
}
