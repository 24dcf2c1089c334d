using System.Runtime.InteropServices;

namespace SmallRtnl.Host;

/// <summary>A connection that is a file descriptor.</summary>
internal abstract unsafe class DescriptorConnection(int descriptor) : WorkloadConnection
{
    private bool _closed;

    protected int Descriptor => descriptor;

    public override void Dispose()
    {
        if (_closed)
            return;
        _closed = true;
        _ = LibC.Close(descriptor);
    }

    protected void Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            while (LibC.Send(descriptor, first, bytes.Length, LibC.MSG_NOSIGNAL) < 0)
            {
                if (Marshal.GetLastPInvokeError() != LibC.EINTR)
                    throw new WorkloadException($"A request could not be sent: {LibC.LastError()}.");
            }
        }
    }
}
