using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>Who is at the other end of a Unix socket (SO_PEERCRED, unix(7)).</summary>
internal static partial class UnixPeer
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;

    /// <summary>Root and the server's own user may configure; everybody else may read.</summary>
    public static bool IsPrivileged(Socket socket)
    {
        // struct ucred: pid, uid, gid, each 32 bits.
        Span<uint> credentials = stackalloc uint[3];
        int length = socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, MemoryMarshal.AsBytes(credentials));
        return length == 12 && (credentials[1] == 0 || credentials[1] == GetEffectiveUserId());
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
