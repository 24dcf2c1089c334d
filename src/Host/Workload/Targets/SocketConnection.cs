using System.Text;

namespace SmallRtnl.Host;

/// <summary>A data connection to a server (docs/protocol.md), by system calls alone.</summary>
internal sealed class SocketConnection(int descriptor) : DescriptorConnection(descriptor)
{
    /// <summary>The options that iproute2 sets on its sockets, as HELLO names them.</summary>
    private const uint Options = (1u << (int)NetlinkSocketOption.NETLINK_EXT_ACK) | (1u << (int)NetlinkSocketOption.NETLINK_GET_STRICT_CHK);

    /// <summary>Opens a netlink socket in a namespace of the server's.</summary>
    public static SocketConnection Open(UnixAddress server, string netns, ReceiveBuffer buffer)
    {
        var connection = new SocketConnection(server.Connect());
        try
        {
            UnixFrame welcome = connection.Ask(new UnixFrame(UnixFrameKind.Hello, 0, 0, UnixFrame.ProtocolVersion, 0, Options), netns, buffer);
            if (welcome.Kind != UnixFrameKind.Welcome || (welcome.Flags & UnixFrame.Failed) != 0)
                throw new WorkloadException($"No socket in namespace {netns}: {(Errno)welcome.A}.");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks what rtnetlink has no message for, on a connection of its own.</summary>
    public static void Control(UnixAddress server, UnixControl operation, string netns, ReceiveBuffer buffer)
    {
        using var connection = new SocketConnection(server.Connect());
        UnixFrame answer = connection.Ask(new UnixFrame(UnixFrameKind.Control, (byte)operation, 0, 0, 0, 0), netns, buffer);
        if (answer.Kind != UnixFrameKind.Answer || answer.A != 0)
            throw new WorkloadException($"{operation} of namespace {netns}: {(Errno)answer.A}.");
    }

    public override void Send(byte[] buffer, int offset, int length)
    {
        Span<byte> frame = buffer.AsSpan(offset - UnixFrame.Size, length + UnixFrame.Size);
        new UnixFrame(UnixFrameKind.Data, 0, 0, 0, 0, 0).Write(frame);
        Send(frame);
    }

    public override ReadOnlySpan<byte> Receive(ReceiveBuffer buffer, int expected)
    {
        ReadOnlySpan<byte> frame = buffer.Receive(Descriptor, expected);
        if (frame.Length < UnixFrame.Size)
            throw new WorkloadException("The server has closed the connection.");
        UnixFrame header = UnixFrame.Read(frame);
        return header.Kind == UnixFrameKind.Data
            ? frame[UnixFrame.Size..]
            : throw new WorkloadException($"The socket has failed: {(Errno)header.A}.");
    }

    private UnixFrame Ask(UnixFrame frame, string text, ReceiveBuffer buffer)
    {
        Span<byte> bytes = stackalloc byte[UnixFrame.Size + 256];
        frame.Write(bytes);
        int length = Encoding.UTF8.GetBytes(text, bytes[UnixFrame.Size..]);
        Send(bytes[..(UnixFrame.Size + length)]);
        ReadOnlySpan<byte> answer = buffer.Receive(Descriptor, expected: 1);
        return answer.Length >= UnixFrame.Size ? UnixFrame.Read(answer) : throw new WorkloadException($"The server has closed the connection instead of answering {frame.Kind}.");
    }
}
