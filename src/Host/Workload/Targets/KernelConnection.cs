namespace SmallRtnl.Host;

/// <summary>A NETLINK_ROUTE socket of the machine's own kernel, with the options that iproute2 sets.</summary>
internal sealed class KernelConnection(int descriptor) : DescriptorConnection(descriptor)
{
    private const int ReceiveBufferBytes = 1024 * 1024;

    /// <summary>Opens one in the calling thread's namespace.</summary>
    public static KernelConnection Open()
    {
        int descriptor = LibC.Socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC, 0);
        if (descriptor < 0)
            throw new WorkloadException($"No netlink socket: {LibC.LastError()}.");
        var connection = new KernelConnection(descriptor);
        connection.Set(LibC.SOL_SOCKET, LibC.SO_RCVBUF, ReceiveBufferBytes);
        connection.Set(LibC.SOL_NETLINK, (int)NetlinkSocketOption.NETLINK_EXT_ACK, 1);
        connection.Set(LibC.SOL_NETLINK, (int)NetlinkSocketOption.NETLINK_GET_STRICT_CHK, 1);
        return connection;
    }

    public override void Send(byte[] buffer, int offset, int length) => Send(buffer.AsSpan(offset, length));

    public override ReadOnlySpan<byte> Receive(ReceiveBuffer buffer, int expected) => buffer.Receive(Descriptor, expected);

    private void Set(int level, int name, int value)
    {
        if (LibC.SetSocketOption(Descriptor, level, name, in value, sizeof(int)) >= 0)
            return;
        string why = LibC.LastError();
        Dispose();
        throw new WorkloadException($"Socket option {name} could not be set: {why}.");
    }
}
