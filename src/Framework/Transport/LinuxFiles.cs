using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>The system calls on paths that must not follow a link, nor act on what has been put in the place of what was looked at.</summary>
internal static unsafe partial class LinuxFiles
{
    public const int ENOENT = 2;
    public const int EEXIST = 17;
    public const int ENOTDIR = 20;
    public const int EINVAL = 22;
    public const int ENOSYS = 38;
    public const int ELOOP = 40;
    public const int EADDRINUSE = 98;
    public const int ECONNREFUSED = 111;

    public const int O_RDONLY = 0;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;

    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;

    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const int AT_EMPTY_PATH = 0x1000;
    private const uint RENAME_NOREPLACE = 1;
    private const uint STATX_BASIC_STATS = 0x7ff;
    private const uint STATX_BTIME = 0x800;
    private const string Libc = "libc";

    /// <summary>This differs between architectures, unlike the others.</summary>
    public static int O_NOFOLLOW { get; } = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>What is at a path, a link itself rather than what it points to.</summary>
    /// <returns>0, or the errno.</returns>
    public static int Look(string path, out FileIdentity identity) => Look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, out identity);

    /// <summary>What a descriptor has open.</summary>
    /// <returns>0, or the errno.</returns>
    public static int Look(FileHandle file, out FileIdentity identity)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return Look((int)file.DangerousGetHandle(), "", AT_EMPTY_PATH, out identity);
        }
        finally
        {
            if (added)
                file.DangerousRelease();
        }
    }

    /// <summary>Renames what must not replace anything.</summary>
    /// <returns>0, or the errno.</returns>
    public static int RenameToFree(string from, string to)
    {
        if (Rename2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
            return 0;
        int error = Marshal.GetLastPInvokeError();
        // A file system that cannot: what is at the new name is looked for, which is next best.
        if (error is not (EINVAL or ENOSYS))
            return error;
        if (Look(to, out _) != ENOENT)
            return EEXIST;
        return Rename(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport(Libc, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport(Libc, EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeHandle file, int operation);

    [LibraryImport(Libc, EntryPoint = "pread", SetLastError = true)]
    public static partial nint Read(SafeHandle file, byte* buffer, nuint length, long offset);

    [LibraryImport(Libc, EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Write(SafeHandle file, byte* buffer, nuint length, long offset);

    [LibraryImport(Libc, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeHandle file, long length);

    [LibraryImport(Libc, EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Unlink(string path);

    [LibraryImport(Libc, EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeFolder(string path, uint mode);

    [LibraryImport(Libc, EntryPoint = "rmdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int RemoveFolder(string path);

    [LibraryImport(Libc, EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(string path, uint mode);

    [LibraryImport(Libc, EntryPoint = "socket", SetLastError = true)]
    public static partial int OpenSocket(int domain, int type, int protocol);

    [LibraryImport(Libc, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(SafeHandle socket, byte* address, int length);

    [LibraryImport(Libc, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(SafeHandle socket, byte* address, int length);

    [LibraryImport(Libc, EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport(Libc, EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    [LibraryImport(Libc, EntryPoint = "renameat2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename2(int fromFolder, string from, int toFolder, string to, uint flags);

    private static int Look(int folder, string path, int flags, out FileIdentity identity)
    {
        // struct statx, which is the same on every architecture: 256 bytes.
        byte* status = stackalloc byte[256];
        new Span<byte>(status, 256).Clear();
        if (StatX(folder, path, flags, STATX_BASIC_STATS | STATX_BTIME, status) != 0)
        {
            identity = default;
            return Marshal.GetLastPInvokeError();
        }
        identity = new FileIdentity(
            Device: ((ulong)*(uint*)(status + 136) << 32) | *(uint*)(status + 140),
            Inode: *(ulong*)(status + 32),
            BornSeconds: (*(uint*)status & STATX_BTIME) != 0 ? *(long*)(status + 80) : 0,
            BornNanoseconds: (*(uint*)status & STATX_BTIME) != 0 ? *(uint*)(status + 88) : 0,
            Mode: *(ushort*)(status + 28),
            Owner: *(uint*)(status + 20));
        return 0;
    }
}
