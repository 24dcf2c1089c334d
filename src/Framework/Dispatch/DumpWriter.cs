namespace SmallRtnl;

/// <summary>Writes a dump's messages into the present chunk.</summary>
/// <typeparam name="T">The message.</typeparam>
public ref struct DumpWriter<T>
    where T : struct, INetlinkMessage<T>
{
    private NetlinkWriter _writer;
    private readonly RequestContext _context;
    private readonly bool _interrupted;

    internal DumpWriter(NetlinkWriter writer, RequestContext context, bool interrupted, long cursor)
    {
        _writer = writer;
        _context = context;
        _interrupted = interrupted;
        Cursor = cursor;
    }

    /// <summary>Where the next chunk begins; handed to the handler as <see cref="DumpItRequest{T}.Cursor"/>.</summary>
    public long Cursor { get; set; }

    /// <summary>Whether the chunk had no room for a message; the handler returns and is called again with a fresh chunk.</summary>
    public bool IsFull { get; private set; }

    /// <summary>How much of the chunk is used.</summary>
    internal readonly int Position => _writer.Position;

    /// <summary>Writes a message.</summary>
    /// <returns>False where it does not fit: leave <see cref="Cursor"/> at it and return.</returns>
    public bool TryWrite(in T message)
    {
        int start = _writer.Position;
        NetlinkFlags flags = NetlinkFlags.NLM_F_MULTI;
        if (_context.DumpFiltered)
            flags |= NetlinkFlags.NLM_F_DUMP_FILTERED;
        if (_interrupted)
            flags |= NetlinkFlags.NLM_F_DUMP_INTR;
        _writer.BeginMessage((ushort)T.NewType, flags, _context.Header.Sequence, _context.NotifyPortId);
        message.Write(ref _writer);
        _writer.EndMessage(start);
        if (!_writer.Overflowed)
            return true;
        _writer.Rewind(start);
        IsFull = true;
        return false;
    }
}
