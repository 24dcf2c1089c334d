using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using static SmallRtnl.LinuxFiles;

namespace SmallRtnl;

/// <summary>
/// The path where a server listens, held for the server's life by an exclusive lock on PATH.lock: that file decides who serves, and remembers which
/// socket was bound, so that of what lies at PATH only a socket that a server of ours has left behind is ever removed. Nothing is decided by a look
/// before an act: binding replaces nothing, and what is to be removed is moved aside first and looked at there.
/// </summary>
internal sealed class ListeningPath : IDisposable
{
    /// <summary>The longest path of a Unix socket in bytes (unix(7)).</summary>
    public const int MaxBytes = 107;

    /// <summary>What the lock's name has after the path's.</summary>
    public const string LockSuffix = ".lock";

    private const int AF_UNIX = 1;
    private const int SOCK_SEQPACKET = 5;
    private const uint Private = 0b110_000_000;
    private const uint ReadWriteForAll = 0b110_110_110;
    private const int MaxRecord = 256;

    private readonly string _path;
    private readonly FileHandle _lock;
    private FileIdentity? _bound;
    private bool _keepsLock;
    private int _disposed;

    private ListeningPath(string path, FileHandle lockFile)
    {
        _path = path;
        _lock = lockFile;
    }

    private string LockPath => _path + LockSuffix;

    /// <summary>Takes a path, and clears away what a server of ours has left there.</summary>
    /// <exception cref="IOException">It cannot be had; the message says why, and what to do.</exception>
    public static ListeningPath Claim(string path)
    {
        if (path.Length == 0)
            throw new IOException("the path is empty");
        if (path.Contains('\0', StringComparison.Ordinal))
            throw new IOException("the path has a zero byte");
        if (Encoding.UTF8.GetByteCount(path) is var bytes && bytes > MaxBytes)
            throw new IOException($"the path has {bytes} bytes, a Unix socket's {MaxBytes} at most");
        var claimed = new ListeningPath(path, TakeLock(path));
        try
        {
            claimed.RemoveOwnLeftover();
            return claimed;
        }
        catch
        {
            // What it remembers is still true.
            claimed._keepsLock = Recall(claimed._lock) is not null;
            claimed.Dispose();
            throw;
        }
    }

    /// <summary>Binds a socket to the path, for everybody to connect to: who may configure is decided by the peer's credentials.</summary>
    /// <exception cref="IOException">Something is there, or the folder cannot be written.</exception>
    public unsafe void Bind(SafeHandle socket)
    {
        int length = Address(_path, out byte[] address);
        fixed (byte* first = address)
        {
            if (LinuxFiles.Bind(socket, first, length) != 0)
                throw new IOException(Marshal.GetLastPInvokeError() == EADDRINUSE ? Refusal(_path) : Marshal.GetLastPInvokeErrorMessage());
        }
        // The socket itself, whatever is at its name by now.
        using var node = new FileHandle(Open(_path, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0));
        if (node.IsInvalid || Look(node, out FileIdentity bound) != 0 || !bound.IsSocket || bound.Owner != LinuxSystemCalls.GetEffectiveUserId())
            throw new IOException("the socket has been replaced while it was made");
        _bound = bound;
        if (ChangeMode($"/proc/self/fd/{(int)node.DangerousGetHandle()}", ReadWriteForAll) != 0 && ChangeMode(_path, ReadWriteForAll) != 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        Remember(bound);
    }

    /// <summary>Gives the path up: the socket goes if it is still the one that was bound, and the lock with it. Safe to call twice.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        if (_bound is { } bound)
            RemoveIf(_path, bound);
        // Whoever opened it meanwhile sees, once it is locked, that it has no name any more, and makes a new one.
        if (!_keepsLock && Look(_lock, out FileIdentity own) == 0 && Look(LockPath, out FileIdentity named) == 0 && named.IsSameFile(own))
            _ = Unlink(LockPath);
        _lock.Dispose();
    }

    /// <summary>Clears away what a server that is gone has left at a path.</summary>
    /// <returns>False where one is there, or what is there is not ours to remove.</returns>
    public static bool TryRemoveLeftover(string path)
    {
        try
        {
            Claim(path).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static FileHandle TakeLock(string path)
    {
        string name = path + LockSuffix;
        while (true)
        {
            // Without blocking: it may be a FIFO.
            var file = new FileHandle(Open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, Private));
            if (file.IsInvalid)
            {
                int error = Marshal.GetLastPInvokeError();
                throw new IOException(error switch
                {
                    ENOENT or ENOTDIR => $"there is no folder {Path.GetDirectoryName(path)}",
                    ELOOP => $"{name} is a symbolic link, not a lock of ours; it is left alone: remove it, or listen elsewhere",
                    _ => $"{name} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}",
                });
            }
            try
            {
                if (Look(file, out FileIdentity own) != 0 || !own.IsRegular)
                    throw new IOException($"{name} is {own.Kind}, not a lock of ours; it is left alone: remove it, or listen elsewhere");
                if (own.Owner != LinuxSystemCalls.GetEffectiveUserId())
                    throw new IOException($"{name} belongs to uid {own.Owner}; it is left alone: listen elsewhere");
                if (Lock(file, LOCK_EX | LOCK_NB) != 0)
                    throw new IOException($"another server serves there already{ByProcess(file)}");
                if (Look(name, out FileIdentity named) == 0 && named.IsSameFile(own))
                    return file;
                file.Dispose();
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
    }

    private static string ByProcess(FileHandle file) => Recall(file) is { } record ? $" (process {record.Process})" : "";

    /// <summary>Removes the socket that the lock remembers, if it is there and nobody listens on it.</summary>
    private void RemoveOwnLeftover()
    {
        int error = Look(_path, out FileIdentity there);
        if (error == ENOENT)
            return;
        if (error != 0)
            throw new IOException(Marshal.GetPInvokeErrorMessage(error));
        if (Recall(_lock) is not { } record || !there.IsSocket || !record.Socket.IsSameFile(there) || Probe() != ECONNREFUSED || !RemoveIf(_path, there))
            throw new IOException(Refusal(_path));
    }

    private static string Refusal(string path) => Look(path, out FileIdentity there) != 0
        ? "something else has been put there"
        : $"there is {there.Kind} that no server of ours has left; it is left alone: remove it, or listen elsewhere";

    /// <summary>Removes a socket, if what is at its path is that one.</summary>
    private static bool RemoveIf(string path, FileIdentity wanted)
    {
        if (Look(path, out FileIdentity there) != 0 || !there.IsSameFile(wanted))
            return false;
        // Aside first: what was looked at need not be what is there now.
        string aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}-{Random.Shared.Next():x8}");
        if (RenameToFree(path, aside) != 0)
            return false;
        if (Look(aside, out FileIdentity moved) == 0 && moved.IsSameFile(wanted))
            return Unlink(aside) == 0;
        _ = RenameToFree(aside, path);
        return false;
    }

    /// <summary>The errno of a connection, 0 where somebody listens.</summary>
    private unsafe int Probe()
    {
        using var socket = new FileHandle(OpenSocket(AF_UNIX, SOCK_SEQPACKET | LinuxSystemCalls.SOCK_CLOEXEC | LinuxSystemCalls.SOCK_NONBLOCK, 0));
        if (socket.IsInvalid)
            return Marshal.GetLastPInvokeError();
        int length = Address(_path, out byte[] address);
        fixed (byte* first = address)
            return Connect(socket, first, length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary><c>struct sockaddr_un</c>.</summary>
    private static int Address(string path, out byte[] address)
    {
        address = new byte[2 + MaxBytes + 1];
        BitConverter.TryWriteBytes(address, (ushort)AF_UNIX);
        return 2 + Encoding.UTF8.GetBytes(path, address.AsSpan(2)) + 1;
    }

    private unsafe void Remember(FileIdentity socket)
    {
        byte[] record = Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"rtnl {Environment.ProcessId} {socket.Device} {socket.Inode} {socket.BornSeconds} {socket.BornNanoseconds}\n"));
        fixed (byte* first = record)
        {
            if (Truncate(_lock, 0) != 0 || Write(_lock, first, (nuint)record.Length, 0) != record.Length)
                throw new IOException($"{LockPath} cannot be written: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static unsafe Record? Recall(FileHandle file)
    {
        byte* bytes = stackalloc byte[MaxRecord];
        int length = (int)Read(file, bytes, MaxRecord, 0);
        if (length <= 0)
            return null;
        string[] words = Encoding.ASCII.GetString(bytes, length).TrimEnd('\n').Split(' ');
        return words.Length == 6 && words[0] == "rtnl" && int.TryParse(words[1], CultureInfo.InvariantCulture, out int process)
            && ulong.TryParse(words[2], CultureInfo.InvariantCulture, out ulong device) && ulong.TryParse(words[3], CultureInfo.InvariantCulture, out ulong inode)
            && long.TryParse(words[4], CultureInfo.InvariantCulture, out long seconds) && uint.TryParse(words[5], CultureInfo.InvariantCulture, out uint nanoseconds)
            ? new Record(process, new FileIdentity(device, inode, seconds, nanoseconds, 0, 0))
            : null;
    }

    /// <summary>What a lock file remembers.</summary>
    private readonly record struct Record(int Process, FileIdentity Socket);
}
