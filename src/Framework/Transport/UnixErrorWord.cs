using static SmallRtnl.LinuxSystemCalls;

namespace SmallRtnl;

/// <summary>
/// A socket's pending error in memory that its client has as well (docs/protocol.md, section 5): so it stands before the datagrams that are
/// on their way already, as sk_err does. What the client writes there harms nobody but itself, and the file cannot shrink under the server.
/// </summary>
internal sealed unsafe class UnixErrorWord : IDisposable
{
    private const int Size = 4096;
    private const uint MFD_CLOEXEC = 1;
    private const uint MFD_ALLOW_SEALING = 2;
    private const int F_ADD_SEALS = 1033;
    private const int SealAll = 0x1 | 0x2 | 0x4; // SEAL, SHRINK, GROW
    private const int ReadWrite = 0x1 | 0x2;
    private const int MAP_SHARED = 0x1;

    private readonly int* _word;

    private UnixErrorWord(nint address) => _word = (int*)address;

    /// <summary>Makes one, and the descriptor by which the client gets it; null where the system has no more.</summary>
    public static UnixErrorWord? TryCreate(out FileHandle? descriptor)
    {
        descriptor = null;
        int file = CreateMemoryFile("rtnl-error", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (file < 0)
            return null;
        var handle = new FileHandle(file);
        if (Truncate(handle, Size) == 0 && ControlFile(handle, F_ADD_SEALS, SealAll) == 0)
        {
            nint address = Map(0, Size, ReadWrite, MAP_SHARED, handle, 0);
            if (address != -1)
            {
                descriptor = handle;
                return new UnixErrorWord(address);
            }
        }
        handle.Dispose();
        return null;
    }

    /// <summary>The client's next receive, poll or look at SO_ERROR takes it.</summary>
    public void Raise(Errno error) => Volatile.Write(ref *_word, (int)error);

    /// <summary>Takes it back where the client has not taken it.</summary>
    public bool TryTake() => Interlocked.Exchange(ref *_word, 0) != 0;

    public void Dispose() => _ = Unmap((nint)_word, Size);
}
