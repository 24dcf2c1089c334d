using System.Net.Sockets;
using System.Text;

namespace SmallRtnl;

/// <summary>Asks a server for what rtnetlink has no message for: namespaces by name. A connection a question (docs/protocol.md).</summary>
public sealed class RtnlControlClient(string socketPath)
{
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
        using var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(socketPath));
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
}
