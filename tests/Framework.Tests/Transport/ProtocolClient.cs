using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using SmallRtnl.Tests.Dispatch;

namespace SmallRtnl.Tests.Transport;

/// <summary>A data connection that asks for features, and control operations about it with any payload.</summary>
internal sealed class ProtocolClient : IDisposable
{
    private readonly string _path;
    private readonly Socket _socket;
    private readonly UnixFrame _welcome;

    public ProtocolClient(string path, byte features = 0, string netns = "")
    {
        _path = path;
        _socket = Connect();
        Send(new UnixFrame(UnixFrameKind.Hello, features, 0, UnixFrame.ProtocolVersion, 0, 0), Encoding.UTF8.GetBytes(netns));
        _welcome = Receive().Frame;
        Assert.Equal(UnixFrameKind.Welcome, _welcome.Kind);
        Assert.Equal(features, _welcome.Flags);
    }

    /// <summary>What waits in the connection, headers included.</summary>
    public int Unread => _socket.Available;

    public static byte[] Message(RtmType type, NetlinkFlags flags, uint sequence, ThingMessage message)
    {
        byte[] buffer = new byte[512];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, flags | NetlinkFlags.NLM_F_REQUEST, sequence, 0);
        message.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    public void Send(UnixFrame frame, ReadOnlySpan<byte> payload = default) => Send(_socket, frame, payload);

    public void Send(byte[] netlink, uint offeredRoom = 0) => Send(new UnixFrame(UnixFrameKind.Data, 0, 0, 0, 0, offeredRoom), netlink);

    public (UnixFrame Frame, byte[] Payload) Receive() => Receive(_socket);

    /// <summary>The answer; what is no answer at all fails.</summary>
    public UnixFrame Control(UnixControl operation, ReadOnlySpan<byte> payload)
    {
        using Socket socket = Connect();
        Send(socket, new UnixFrame(UnixFrameKind.Control, (byte)operation, 0, _welcome.A, _welcome.B, _welcome.C), payload);
        UnixFrame answer = Receive(socket).Frame;
        Assert.Equal((UnixFrameKind.Answer, (byte)operation), (answer.Kind, answer.Flags));
        return answer;
    }

    public UnixFrame Control(UnixControl operation, params ReadOnlySpan<uint> arguments) => Control(operation, MemoryMarshal.AsBytes(arguments));

    public void Dispose() => _socket.Dispose();

    private static void Send(Socket socket, UnixFrame frame, ReadOnlySpan<byte> payload)
    {
        byte[] bytes = new byte[UnixFrame.Size + payload.Length];
        frame.Write(bytes);
        payload.CopyTo(bytes.AsSpan(UnixFrame.Size));
        socket.Send(bytes);
    }

    private static (UnixFrame Frame, byte[] Payload) Receive(Socket socket)
    {
        byte[] bytes = new byte[128 * 1024];
        int length = socket.Receive(bytes);
        Assert.True(length >= UnixFrame.Size, "The server has closed the connection.");
        return (UnixFrame.Read(bytes), bytes[UnixFrame.Size..length]);
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified) { ReceiveTimeout = 10_000, SendTimeout = 10_000 };
        socket.Connect(new UnixDomainSocketEndPoint(_path));
        return socket;
    }
}
