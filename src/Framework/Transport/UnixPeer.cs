using static SmallRtnl.LinuxSystemCalls;

namespace SmallRtnl;

/// <summary>Who is at the other end of a Unix socket (SO_PEERCRED, unix(7)).</summary>
internal static class UnixPeer
{
    private static readonly uint s_self = GetEffectiveUserId();

    /// <summary>The server's own uid.</summary>
    public static uint Self => s_self;

    /// <summary>Root and the server's own user may configure; everybody else may read.</summary>
    public static unsafe bool IsPrivileged(FileHandle socket)
    {
        // struct ucred: pid, uid, gid, each 32 bits.
        uint* credentials = stackalloc uint[3];
        int length = 3 * sizeof(uint);
        return GetSocketOption(socket, SOL_SOCKET, SO_PEERCRED, credentials, &length) == 0
            && length == 3 * sizeof(uint) && (credentials[1] == 0 || credentials[1] == s_self);
    }
}
