using System.Text;

namespace SmallRtnl.Host;

/// <summary>Where a server listens (<c>struct sockaddr_un</c>).</summary>
internal sealed unsafe class UnixAddress
{
    private const int MaxPath = 107;

    private readonly byte[] _bytes;

    /// <exception cref="WorkloadException">The path is longer than an address may be.</exception>
    public UnixAddress(string path)
    {
        int length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxPath)
            throw new WorkloadException($"The path {path} is longer than the {MaxPath} bytes of a Unix socket's address.");
        _bytes = new byte[2 + length + 1];
        BitConverter.TryWriteBytes(_bytes, (ushort)LibC.AF_UNIX);
        Encoding.UTF8.GetBytes(path, _bytes.AsSpan(2));
    }

    /// <summary>Opens a connection.</summary>
    public int Connect()
    {
        int descriptor = LibC.Socket(LibC.AF_UNIX, LibC.SOCK_SEQPACKET | LibC.SOCK_CLOEXEC, 0);
        if (descriptor < 0)
            throw new WorkloadException($"No Unix socket: {LibC.LastError()}.");
        fixed (byte* address = _bytes)
        {
            if (LibC.Connect(descriptor, address, _bytes.Length) == 0)
                return descriptor;
        }
        string why = LibC.LastError();
        _ = LibC.Close(descriptor);
        throw new WorkloadException($"The server cannot be reached: {why}.");
    }
}
