using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace SmallRtnl.Tests.Transport;

/// <summary>
/// A client that speaks frames (docs/protocol.md) and nothing of ours, so that tests of the server's process share it: as whichever user, in whichever
/// order, of whichever length. Every wait ends after ten seconds.
/// </summary>
internal sealed partial class FrameConnection : IDisposable
{
    public const byte Hello = 1;
    public const byte Welcome = 2;
    public const byte Data = 3;
    public const byte Control = 5;
    public const byte Answer = 6;
    public const byte Fence = 6;
    public const byte NetnsAdd = 16;
    public const byte NetnsDel = 17;

    /// <summary>Whoever it is, it is neither root nor, where tests run as root, the server.</summary>
    public const int Nobody = 65534;

    private const int HeaderSize = 16;

    /// <summary>Connects and says nothing yet.</summary>
    /// <param name="path">The server's socket.</param>
    /// <param name="uid">As whom; left out, as this process. Another one takes root.</param>
    public FrameConnection(string path, int? uid = null)
    {
        Socket = new Socket(AddressFamily.Unix, SocketType.Seqpacket, ProtocolType.Unspecified) { ReceiveTimeout = 10_000, SendTimeout = 10_000 };
        try
        {
            // The kernel notes who connects.
            As(uid, () => Socket.Connect(new UnixDomainSocketEndPoint(path)));
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public Socket Socket { get; }

    public uint Id { get; private set; }

    public (uint Low, uint High) Token { get; private set; }

    public static bool CanBeOthers => Environment.IsPrivilegedProcess;

    /// <summary>Opens a netlink socket.</summary>
    /// <returns>Why not; 0: it is open.</returns>
    public int Open(string netns = "") => Open(Encoding.UTF8.GetBytes(netns));

    public int Open(byte[] netns)
    {
        Send(Hello, 0, 1, 0, 0, netns);
        return ReceiveWelcome();
    }

    public int ReceiveWelcome()
    {
        byte[] welcome = Receive();
        Assert.Equal(Welcome, welcome[0]);
        uint a = BinaryPrimitives.ReadUInt32LittleEndian(welcome.AsSpan(4));
        if (welcome[1] != 0)
            return (int)a;
        Id = a;
        Token = (BinaryPrimitives.ReadUInt32LittleEndian(welcome.AsSpan(8)), BinaryPrimitives.ReadUInt32LittleEndian(welcome.AsSpan(12)));
        return 0;
    }

    /// <summary>Asks on a connection of its own, for a socket or for none.</summary>
    /// <returns>The errno.</returns>
    public static int Ask(string path, byte operation, FrameConnection? socket, byte[] arguments, int? uid = null)
    {
        using var control = new FrameConnection(path, uid);
        control.Send(Control, operation, socket?.Id ?? 0, socket?.Token.Low ?? 0, socket?.Token.High ?? 0, arguments);
        byte[] answer = control.Receive();
        Assert.Equal((Answer, operation), (answer[0], answer[1]));
        return (int)BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(4));
    }

    public void Send(byte[] netlink) => Send(Data, 0, 0, 0, 0, netlink);

    public void Send(byte kind, byte flags, uint a, uint b, uint c, ReadOnlySpan<byte> payload) => Socket.Send(Frame(kind, flags, a, b, c, payload));

    /// <summary>The whole frame; none where the server has closed.</summary>
    public byte[] Receive()
    {
        byte[] buffer = new byte[128 * 1024];
        return buffer[..Socket.Receive(buffer)];
    }

    /// <summary>Whether the server closes it, whatever comes before.</summary>
    public bool IsClosedByServer()
    {
        try
        {
            while (Receive().Length > 0)
            {
            }
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode == SocketError.ConnectionReset;
        }
    }

    public void Dispose() => Socket.Dispose();

    public static byte[] Frame(byte kind, byte flags, uint a, uint b, uint c, ReadOnlySpan<byte> payload)
    {
        byte[] bytes = new byte[HeaderSize + payload.Length];
        bytes[0] = kind;
        bytes[1] = flags;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), a);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), b);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), c);
        payload.CopyTo(bytes.AsSpan(HeaderSize));
        return bytes;
    }

    /// <summary>Acts as another user on this thread alone: the system call, where the C library would change every thread.</summary>
    private static void As(int? uid, Action act)
    {
        if (uid is not { } other)
        {
            act();
            return;
        }
        nint setresuid = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147;
        Assert.Equal(0, SystemCall(setresuid, -1, other, -1));
        try
        {
            act();
        }
        finally
        {
            Assert.Equal(0, SystemCall(setresuid, -1, 0, -1));
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);
}
