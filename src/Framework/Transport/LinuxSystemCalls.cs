using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>
/// The system calls of the Unix transport, without anything between. <see cref="System.Net.Sockets.Socket"/> waits through a thread of its own and the
/// thread pool: two changes of thread a request, which cost more than the request.
/// </summary>
internal static unsafe partial class LinuxSystemCalls
{
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int EAGAIN = 11;
    public const int ENFILE = 23;
    public const int EMFILE = 24;
    public const int EMSGSIZE = 90;
    public const int ECONNABORTED = 103;
    public const int ECONNRESET = 104;

    public const int MSG_PEEK = 0x2;
    public const int MSG_TRUNC = 0x20;
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_NOSIGNAL = 0x4000;

    public const int SOL_SOCKET = 1;
    public const int SO_SNDBUF = 7;
    public const int SO_PEERCRED = 17;
    public const int SO_SNDBUFFORCE = 32;
    public const int SO_PEERPIDFD = 77;
    public const int SCM_RIGHTS = 1;

    /// <summary>What a Unix socket's reader has not read yet, as the kernel accounts it (TIOCOUTQ).</summary>
    public const nuint SIOCOUTQ = 0x5411;

    public const int SOCK_NONBLOCK = 0x800;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int EPOLL_CLOEXEC = 0x80000;
    public const int O_CLOEXEC = 0x80000;

    public const short POLLIN = 0x1;
    public const short POLLHUP = 0x10;

    public const int RLIMIT_NOFILE = 7;
    private const nuint FIONREAD = 0x541B;
    private const nint SYS_pidfd_open = 434;

    private const string Libc = "libc";

    /// <summary>The errno of the last call that failed on this thread.</summary>
    public static int LastError => Marshal.GetLastPInvokeError();

    [LibraryImport(Libc, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(SafeHandle listener, nint address, nint addressLength, int flags);

    [LibraryImport(Libc, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint Receive(SafeHandle socket, MessageHeader* message, int flags);

    [LibraryImport(Libc, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(SafeHandle socket, byte* buffer, nuint length, int flags);

    [LibraryImport(Libc, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMany(SafeHandle socket, BatchedMessage* messages, uint count, int flags);

    [LibraryImport(Libc, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(SafeHandle socket, int how);

    [LibraryImport(Libc, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(SafeHandle socket, int level, int name, void* value, int* length);

    [LibraryImport(Libc, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(SafeHandle socket, int level, int name, void* value, int length);

    [LibraryImport(Libc, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(SafeHandle file, nuint request, void* argument);

    [LibraryImport(Libc, EntryPoint = "capget", SetLastError = true)]
    public static partial int GetCapabilities(void* header, void* data);

    [LibraryImport(Libc, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport(Libc, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeHandle file, nint length);

    [LibraryImport(Libc, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int ControlFile(SafeHandle file, int command, nint argument);

    [LibraryImport(Libc, EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, SafeHandle file, nint offset);

    [LibraryImport(Libc, EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(nint address, nuint length);

    [LibraryImport(Libc, EntryPoint = "getegid")]
    public static partial uint GetEffectiveGroupId();

    [LibraryImport(Libc, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreateEpoll(int flags);

    [LibraryImport(Libc, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlEpoll(SafeHandle epoll, int operation, SafeHandle file, byte* epollEvent);

    [LibraryImport(Libc, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitEpoll(SafeHandle epoll, byte* events, int count, int timeoutMilliseconds);

    [LibraryImport(Libc, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int CreateEvent(uint initial, int flags);

    [LibraryImport(Libc, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(SafeHandle file, void* buffer, nuint length);

    [LibraryImport(Libc, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(SafeHandle file, void* buffer, nuint length);

    [LibraryImport(Libc, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PolledFile* files, nuint count, int timeoutMilliseconds);

    [LibraryImport(Libc, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport(Libc, EntryPoint = "getrlimit", SetLastError = true)]
    public static partial int GetResourceLimit(int resource, ResourceLimit* limit);

    [LibraryImport(Libc, EntryPoint = "setrlimit", SetLastError = true)]
    public static partial int SetResourceLimit(int resource, ResourceLimit* limit);

    /// <summary>How many bytes wait to be read, of all frames together.</summary>
    /// <returns>False where that is not known.</returns>
    public static bool TryGetQueuedBytes(SafeHandle socket, out int bytes)
    {
        int queued = 0;
        bool known = Control(socket, FIONREAD, &queued) == 0;
        bytes = queued;
        return known;
    }

    /// <summary>Whether the peer has closed; what it sent before may still be there.</summary>
    public static bool HasHungUp(SafeHandle socket)
    {
        bool counted = false;
        try
        {
            socket.DangerousAddRef(ref counted);
            var polled = new PolledFile { Descriptor = (int)socket.DangerousGetHandle() };
            return Poll(&polled, 1, 0) > 0 && (polled.Returned & POLLHUP) != 0;
        }
        finally
        {
            if (counted)
                socket.DangerousRelease();
        }
    }

    /// <summary>pidfd_open(2), for which not every C library has a function.</summary>
    public static int OpenProcess(int processId, uint flags) => (int)SystemCall(SYS_pidfd_open, processId, (nint)flags);

    [LibraryImport(Libc, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeHandle file, nuint request, int* value);

    [LibraryImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);

    [LibraryImport(Libc, EntryPoint = "sched_yield")]
    public static partial int Yield();

    [LibraryImport(Libc, EntryPoint = "close")]
    public static partial int Close(nint file);

    [LibraryImport(Libc, EntryPoint = "geteuid")]
    public static partial uint GetEffectiveUserId();

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PolledFile
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    /// <summary><c>struct rlimit</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ResourceLimit
    {
        public nuint Current;
        public nuint Maximum;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public nint Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public nint Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary><c>struct mmsghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct BatchedMessage
    {
        public MessageHeader Header;
        public uint Sent;
    }
}
