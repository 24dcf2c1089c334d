using System.Net.Sockets;
using System.Text;

namespace SmallRtnl.Host;

/// <summary>Why a server cannot be spoken to, in words.</summary>
internal static class ServerAddress
{
    /// <summary>Null, or why there can be no server at a path.</summary>
    public static string? WhyImpossible(string path) => path.Length == 0 ? "--socket: the path is empty"
        : Encoding.UTF8.GetByteCount(path) is var bytes && bytes > ListeningPath.MaxBytes ? $"{path}: the path has {bytes} bytes, a Unix socket's {ListeningPath.MaxBytes} at most"
        : null;

    /// <summary>What went wrong with a question to a server; null for what has nothing to do with one.</summary>
    public static string? WhyUnreachable(string path, Exception exception) => exception switch
    {
        SocketException { SocketErrorCode: SocketError.AccessDenied } => $"{path} may not be connected to: permission denied",
        SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock } => $"the server on {path} does not answer",
        SocketException => $"no server listens on {path}",
        UnauthorizedAccessException => $"{exception.Message} (--trust-server UID says that it may)",
        IOException or NetlinkException => $"{path}: {exception.Message}",
        _ => null,
    };
}
