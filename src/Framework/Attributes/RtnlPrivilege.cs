namespace SmallRtnl;

/// <summary>What a sender must be allowed to do before its message reaches a handler.</summary>
public enum RtnlPrivilege
{
    /// <summary>By operation: GET needs nothing, everything else CAP_NET_ADMIN, as <c>rtnetlink_rcv_msg</c> does.</summary>
    ByOperation = 0,

    /// <summary>Anybody may send it.</summary>
    None = 1,

    /// <summary>CAP_NET_ADMIN is needed, also for a GET.</summary>
    NetAdmin = 2,
}
