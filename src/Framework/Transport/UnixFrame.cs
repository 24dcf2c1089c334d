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

    /// <summary>In HELLO asked for, in WELCOME granted: frames towards the client have the sender's credentials behind the header.</summary>
    public const byte Credentials = 2;

    /// <summary>Likewise: the pending error in shared memory.</summary>
    public const byte ErrorWord = 4;

    /// <summary>Likewise: the client tells of its receives.</summary>
    public const byte TellsOfReceives = 8;

    /// <summary>In ERROR: it stands in shared memory as well, and is void where it has been taken there.</summary>
    public const byte InErrorWord = 1;

    public static UnixFrame Read(ReadOnlySpan<byte> frame) => MemoryMarshal.Read<UnixFrame>(frame);

    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, in this);
}

/// <summary>The header of a frame towards a client that has asked for credentials.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct UnixCredentialedFrame(UnixFrame Frame, uint ProcessId, uint UserId, uint GroupId, uint Reserved = 0)
{
    public const int Size = 32;

    public UnixCredentialedFrame(UnixFrame frame, UnixPeer? sender)
        : this(frame, sender?.ProcessId ?? 0, sender?.UserId ?? 0, sender?.GroupId ?? 0)
    {
    }
}

internal enum UnixFrameKind : byte
{
    Hello = 1,
    Welcome = 2,
    Data = 3,
    Error = 4,
    Control = 5,
    Answer = 6,
    Received = 7,
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
    RcvBufForce = 8,
    NetnsAdd = 16,
    NetnsDel = 17,
    NetnsList = 18,
}
