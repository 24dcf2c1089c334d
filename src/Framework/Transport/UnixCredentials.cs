using static SmallRtnl.LinuxSystemCalls;

namespace SmallRtnl;

/// <summary>Who connected (SO_PEERCRED, unix(7)): the user, the group and the process at the time of its connect.</summary>
internal readonly record struct UnixCredentials(uint Uid, uint GroupId, int ProcessId)
{
    /// <summary>Nobody that is known.</summary>
    public static readonly UnixCredentials Unknown = new(uint.MaxValue, uint.MaxValue, 0);

    public static unsafe UnixCredentials Of(FileHandle socket)
    {
        // struct ucred: pid, uid, gid, each 32 bits.
        uint* credentials = stackalloc uint[3];
        int length = 3 * sizeof(uint);
        return GetSocketOption(socket, SOL_SOCKET, SO_PEERCRED, credentials, &length) == 0 && length == 3 * sizeof(uint)
            ? new UnixCredentials(credentials[1], credentials[2], (int)credentials[0])
            : Unknown;
    }

    /// <summary>
    /// Whether the process has ended. One that has just closed its files may be told as not yet; one of which nothing is known (another
    /// namespace of process ids) never has.
    /// </summary>
    public unsafe bool HasEnded()
    {
        if (ProcessId <= 0)
            return false;
        int process = OpenProcess(ProcessId, 0);
        if (process < 0)
            return LastError == ESRCH;
        // Readable once it has ended, also while nobody has waited for it.
        var polled = new PolledFile { Descriptor = process, Events = POLLIN };
        bool hasEnded = Poll(&polled, 1, 0) > 0;
        _ = Close(process);
        return hasEnded;
    }
}
