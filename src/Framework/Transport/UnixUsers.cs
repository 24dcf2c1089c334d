namespace SmallRtnl;

/// <summary>
/// Who is connected, and whether one more may be. Connections are bounded in all, by user, and by the descriptors of the process, of which a
/// reserve is left to the runtime and to whatever else the process does.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class UnixUsers
{
    // Of the connections in all: for root and the server's own user alone, and for everybody else alone.
    private const int Apart = 8;

    private readonly Lock _sync = new();
    private readonly Dictionary<uint, UnixUser> _users = [];
    private readonly int _pollers;
    private readonly uint _self;
    private readonly long _maxUnfinished;
    private readonly int _maxOrdinary;
    private readonly int _maxByUser;
    private readonly int _maxByPrivileged;
    private readonly int _firstReserved;
    private readonly int _firstReservedForOrdinary;
    private int _connections;
    private int _ordinary;

    /// <param name="options">The limits asked for.</param>
    /// <param name="descriptors">How many descriptors the process may have (RLIMIT_NOFILE).</param>
    /// <param name="inUse">How many it uses for other things already.</param>
    /// <param name="pollers">How many pollers there are.</param>
    /// <param name="self">The server's own uid.</param>
    public UnixUsers(RtnetlinkOptions options, int descriptors, int inUse, int pollers, uint self)
    {
        _pollers = pollers;
        _self = self;
        _maxUnfinished = options.MaxUnfinishedBytesPerUser;
        _firstReserved = descriptors - Math.Min(options.DescriptorReserve, descriptors / 2);
        MaxConnections = Math.Min(options.MaxConnections, Math.Max(1, _firstReserved - inUse));
        _maxOrdinary = Math.Max(1, MaxConnections - (MaxConnections / Apart));
        // Whoever else in the process takes descriptors later does not take them from root first.
        _firstReservedForOrdinary = _firstReserved - (MaxConnections - _maxOrdinary);
        _maxByUser = Math.Min(options.MaxConnectionsPerUser, Math.Max(1, MaxConnections / 2));
        _maxByPrivileged = Math.Min(options.MaxConnectionsPerPrivilegedUser, _maxOrdinary);
    }

    /// <summary>How many connections there may be.</summary>
    public int MaxConnections { get; }

    /// <summary>How many there are; tests ask.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Takes account of a connection that has been accepted.</summary>
    /// <param name="uid">Whose.</param>
    /// <param name="descriptor">Its descriptor: numbers are given from the lowest free one up, so that it says how many are in use, whoever uses them.</param>
    /// <param name="user">The user, also of one that is refused; until <see cref="Leave"/>.</param>
    /// <returns>EMFILE where the user has too many, ENFILE where there are too many in all.</returns>
    public Errno Enter(uint uid, int descriptor, out UnixUser user)
    {
        lock (_sync)
        {
            user = Find(uid);
            user.References++;
            if (user.Connections >= (user.IsPrivileged ? _maxByPrivileged : _maxByUser))
                return Errno.EMFILE;
            if (descriptor >= (user.IsPrivileged ? _firstReserved : _firstReservedForOrdinary) || _connections >= MaxConnections || (!user.IsPrivileged && _ordinary >= _maxOrdinary))
                return Errno.ENFILE;
            user.Connections++;
            _connections++;
            if (!user.IsPrivileged)
                _ordinary++;
            return Errno.None;
        }
    }

    /// <summary>A connection has come to its end.</summary>
    /// <param name="user">Whose it was.</param>
    /// <param name="wasRefused">Whether it had been refused.</param>
    public void Leave(UnixUser user, bool wasRefused)
    {
        lock (_sync)
        {
            if (!wasRefused)
            {
                user.Connections--;
                _connections--;
                if (!user.IsPrivileged)
                    _ordinary--;
            }
            if (--user.References == 0)
                _users.Remove(user.Uid);
        }
    }

    private UnixUser Find(uint uid)
    {
        if (!_users.TryGetValue(uid, out UnixUser? user))
        {
            bool isPrivileged = uid == 0 || uid == _self;
            // What they configure is theirs: they may have more of it under way.
            user = new UnixUser(uid, isPrivileged, _pollers, isPrivileged ? 4 * _maxUnfinished : _maxUnfinished);
            _users.Add(uid, user);
        }
        return user;
    }
}
