using System.Net.Sockets;
using System.Text;

namespace SmallRtnl;

/// <summary>Asks a server for what rtnetlink has no message for: namespaces by name. A connection a question (docs/protocol.md).</summary>
/// <remarks>
/// A server is believed that root or the caller's own user runs (SO_PEERCRED), or <see cref="TrustedServer"/>; any other is refused with
/// <see cref="UnauthorizedAccessException"/> before anything is said to it. Names are the server's: they may hold anything but a zero byte, so whoever prints them escapes
/// them. No server, or none that answers within half a minute, is a <see cref="SocketException"/>. Safe for use by several threads.
/// </remarks>
public sealed class RtnlControlClient(string socketPath)
{
    private const int AnswerMilliseconds = 30_000;

    // More than a server can have, and an end for one that never comes to its own.
    private const int MaxNames = 10_000_000;

    /// <summary>A uid whose server is believed as root's and one's own are; null: no other.</summary>
    public uint? TrustedServer { get; init; }

    /// <summary>Creates a namespace.</summary>
    /// <returns>EEXIST for a name that is taken, EINVAL for one that cannot be, EPERM for a sender who may not.</returns>
    public Errno AddNetns(string name) => AskByName(UnixControl.NetnsAdd, name);

    /// <summary>Removes a namespace's name.</summary>
    /// <returns>ENOENT where there is none, EINVAL for a name that cannot be, EPERM for a sender who may not.</returns>
    public Errno DeleteNetns(string name) => AskByName(UnixControl.NetnsDel, name);

    /// <summary>The names in ordinal order.</summary>
    public IReadOnlyList<string> ListNetns()
    {
        var names = new List<string>();
        uint cursor = 0;
        do
        {
            (UnixFrame frame, byte[] payload) = Ask(UnixControl.NetnsList, BitConverter.GetBytes(cursor));
            if (frame.A != 0)
                throw new NetlinkException(new NetlinkAck((Errno)frame.A, null, 0));
            names.AddRange(Encoding.UTF8.GetString(payload).Split('\0', StringSplitOptions.RemoveEmptyEntries));
            if ((frame.B != 0 && frame.B <= cursor) || names.Count > MaxNames)
                throw new IOException("The server's list of names does not end.");
            cursor = frame.B;
        }
        while (cursor != 0);
        return names;
    }

    /// <summary>Half a character would become another one on its way.</summary>
    private Errno AskByName(UnixControl operation, string name) =>
        NetName.TryWrite(name, out byte[]? utf8) ? (Errno)Ask(operation, utf8).Frame.A : Errno.EINVAL;

    private (UnixFrame Frame, byte[] Payload) Ask(UnixControl operation, ReadOnlySpan<byte> arguments)
    {
        SelfWait.CheckQuestion(socketPath);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        socket.ReceiveTimeout = AnswerMilliseconds;
        socket.SendTimeout = AnswerMilliseconds;
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
        ThrowIfStranger(socket);
        byte[] frame = new byte[UnixFrame.Size + arguments.Length];
        new UnixFrame(UnixFrameKind.Control, (byte)operation, 0, 0, 0, 0).Write(frame);
        arguments.CopyTo(frame.AsSpan(UnixFrame.Size));
        socket.Send(frame);
        byte[] answer = new byte[64 * 1024];
        int length = socket.Receive(answer);
        if (length < UnixFrame.Size)
            throw new IOException("The server closed the connection.");
        return (UnixFrame.Read(answer), answer[UnixFrame.Size..length]);
    }

    /// <summary>Anybody may listen where a server of ours does not: what he says is not taken for it.</summary>
    private void ThrowIfStranger(Socket socket)
    {
        // struct ucred: pid, uid, gid, each 32 bits; of the process that listens, as it was then.
        Span<byte> credentials = stackalloc byte[12];
        int length = socket.GetRawSocketOption(LinuxSystemCalls.SOL_SOCKET, LinuxSystemCalls.SO_PEERCRED, credentials);
        uint owner = length == credentials.Length ? BitConverter.ToUInt32(credentials[4..]) : uint.MaxValue;
        if (owner != 0 && owner != LinuxSystemCalls.GetEffectiveUserId() && owner != TrustedServer)
            throw new UnauthorizedAccessException($"{socketPath} is served by uid {owner}, who is neither root nor you");
    }
}
