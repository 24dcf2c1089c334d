namespace SmallRtnl.Host;

/// <summary>How many files this process and those that it starts may have open.</summary>
internal static class DescriptorLimit
{
    // What a process has open besides its namespaces' sockets.
    private const int Others = 512;

    /// <summary>Raises it where it does not suffice for a socket in each namespace.</summary>
    /// <exception cref="WorkloadException">It cannot be raised so far.</exception>
    public static void Ensure(int sockets)
    {
        ulong needed = (ulong)(sockets + Others);
        if (LibC.GetLimit(LibC.RLIMIT_NOFILE, out LibC.ResourceLimit limit) < 0 || limit.Soft >= needed)
            return;
        ulong most = limit.Hard;
        limit.Soft = needed;
        limit.Hard = Math.Max(limit.Hard, needed);
        if (LibC.SetLimit(LibC.RLIMIT_NOFILE, in limit) < 0)
            throw new WorkloadException($"{sockets} namespaces need as many open files, more than this user may have ({most}): ulimit -n.");
    }
}
