using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>The 16-byte header of every frame on the Unix socket (docs/protocol.md, section 2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct UnixFrame(UnixFrameKind Kind, byte Flags, ushort Reserved, uint A, uint B, uint C)
{
    public const int Size = 16;

    /// <summary>The largest frame, header included.</summary>
    public const int MaxSize = 512 * 1024;

    public const uint ProtocolVersion = 1;

    /// <summary>In WELCOME: the connection is refused.</summary>
    public const byte Failed = 1;

    public static UnixFrame Read(ReadOnlySpan<byte> frame) => MemoryMarshal.Read<UnixFrame>(frame);

    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, in this);
}

internal enum UnixFrameKind : byte
{
    Hello = 1,
    Welcome = 2,
    Data = 3,
    Error = 4,
    Control = 5,
    Answer = 6,
}

internal enum UnixControl : byte
{
    Bind = 1,
    GetName = 2,
    SetSockOpt = 3,
    GetSockOpt = 4,
    RcvBuf = 5,
    Fence = 6,
    Autobind = 7,
    NetnsAdd = 16,
    NetnsDel = 17,
    NetnsList = 18,
}
