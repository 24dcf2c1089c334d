using System.Diagnostics;
using static SmallRtnl.LinuxSystemCalls;

namespace SmallRtnl;

/// <summary>Who is at the other end of a Unix socket: who connected (SO_PEERCRED, unix(7)), and what that process may do, as far as it can be known.</summary>
/// <remarks>
/// The server's own user may configure; everybody else only with CAP_NET_ADMIN in the server's user namespace. Of root, whatever cannot be learnt
/// counts for it (a process of a pid namespace that is not below ours, /proc not there or not readable); of others, against. A process that has
/// ended before it could be looked at may do nothing, and SO_PEERPIDFD tells whether another has its number by now.
/// </remarks>
internal sealed class UnixPeer
{
    private const int CAP_NET_ADMIN = 12;
    private const uint CapabilityVersion = 0x2008_0522;

    private static readonly uint s_self = GetEffectiveUserId();
    private static readonly string? s_ownUserNamespace = UserNamespaceOf("self");

    // A look costs a system call, which at a client's full speed would be a tenth of what its request costs.
    private static readonly long s_between = Stopwatch.Frequency / 10_000;

    private Verdict _now;
    private long _lastLook;

    private UnixPeer(uint processId, uint userId, uint groupId, bool isPrivileged)
    {
        ProcessId = processId;
        UserId = userId;
        GroupId = groupId;
        IsPrivileged = isPrivileged;
    }

    /// <summary>This process.</summary>
    public static UnixPeer Self { get; } = new((uint)Environment.ProcessId, s_self, GetEffectiveGroupId(), isPrivileged: true);

    /// <summary>0 where it has none here.</summary>
    public uint ProcessId { get; }

    public uint UserId { get; }

    public uint GroupId { get; }

    /// <summary>Whether it might configure when it connected.</summary>
    public bool IsPrivileged { get; }

    /// <summary>Whether a user is root or the server's own.</summary>
    public static bool IsOwn(uint userId) => userId == 0 || userId == s_self;

    /// <summary>Looks who has connected.</summary>
    public static UnixPeer Of(FileHandle socket)
    {
        var who = UnixCredentials.Of(socket);
        uint processId = (uint)who.ProcessId;
        return new UnixPeer(processId, who.Uid, who.GroupId, who != UnixCredentials.Unknown && MightConfigure(socket, processId, who.Uid));
    }

    /// <summary>Whether who has connected may configure.</summary>
    public static bool IsPrivilegedAt(FileHandle socket) => Of(socket).IsPrivileged;

    /// <summary>Whether it may still configure; looked up once a datagram, and again once 0.1 ms have passed since. Meant for one thread at a time.</summary>
    public bool MayConfigure()
    {
        if (_now == Verdict.Unknown)
            _now = !IsPrivileged || (!IsOwner(UserId) && ProcessId != 0 && !HasStillNetAdmin()) ? Verdict.No : Verdict.Yes;
        return _now == Verdict.Yes;
    }

    /// <summary>The next datagram asks anew: what a process may do is its own to give up.</summary>
    public void Forget() => _now = Verdict.Unknown;

    private bool HasStillNetAdmin()
    {
        long now = Stopwatch.GetTimestamp();
        if (_lastLook != 0 && now - _lastLook < s_between)
            return true;
        bool has = HasNetAdmin(ProcessId) != Verdict.No;
        _lastLook = has ? now : 0;
        return has;
    }

    private static bool IsOwner(uint userId) => userId == s_self && s_self != 0;

    private static bool MightConfigure(FileHandle socket, uint processId, uint userId)
    {
        if (IsOwner(userId))
            return true;
        bool isRoot = userId == 0;
        if (processId == 0)
            return isRoot;
        if (HasNetAdmin(processId) != Verdict.Yes)
            return false;
        string? userNamespace = UserNamespaceOf(processId.ToString(System.Globalization.CultureInfo.InvariantCulture));
        bool isNamespaceKnown = userNamespace is not null && s_ownUserNamespace is not null;
        if (isNamespaceKnown && userNamespace != s_ownUserNamespace)
            return false;
        // What has been looked up is the peer's only if the peer is still there.
        return IsStillThere(socket) switch
        {
            Verdict.Yes => isRoot || isNamespaceKnown,
            Verdict.No => false,
            _ => isRoot,
        };
    }

    /// <summary>Unknown: there is no such process.</summary>
    private static unsafe Verdict HasNetAdmin(uint processId)
    {
        uint* header = stackalloc uint[2];
        // Two times effective, permitted, inheritable.
        uint* data = stackalloc uint[6];
        header[0] = CapabilityVersion;
        header[1] = processId;
        if (GetCapabilities(header, data) != 0)
            return Verdict.Unknown;
        return (data[0] & (1u << CAP_NET_ADMIN)) != 0 ? Verdict.Yes : Verdict.No;
    }

    private static string? UserNamespaceOf(string process)
    {
        try
        {
            return new FileInfo($"/proc/{process}/ns/user").LinkTarget;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Unknown: the kernel is older than SO_PEERPIDFD (6.5).</summary>
    private static unsafe Verdict IsStillThere(FileHandle socket)
    {
        int descriptor = -1;
        int length = sizeof(int);
        if (GetSocketOption(socket, SOL_SOCKET, SO_PEERPIDFD, &descriptor, &length) != 0)
            return LastError == ESRCH ? Verdict.No : Verdict.Unknown;
        using var process = new FileHandle(descriptor);
        // The descriptor of a process becomes readable at its end.
        var polled = new PolledFile { Descriptor = descriptor, Events = POLLIN };
        return Poll(&polled, 1, 0) == 0 ? Verdict.Yes : Verdict.No;
    }

    private enum Verdict : byte
    {
        Unknown,
        Yes,
        No,
    }
}
