namespace SmallRtnl;

/// <summary>
/// A connection that has been accepted and has not said yet what it is: HELLO makes it a netlink socket, CONTROL asks one question.
/// </summary>
internal sealed class UnixHandshake : IPolled
{
    private readonly UnixSocketServer _server;
    private readonly UnixPoller _poller;
    private readonly Lock _watchSync = new();
    private int _slot;
    private int _done;

    public UnixHandshake(UnixSocketServer server, FileHandle handle, UnixPoller poller)
    {
        _server = server;
        _poller = poller;
        Handle = handle;
    }

    public FileHandle Handle { get; }

    /// <summary>Looks for the first frame, which mostly is there already; else the poller tells of it.</summary>
    public void Start()
    {
        if (TryHandle())
            return;
        lock (_watchSync)
            _slot = _poller.Watch(this, 0, readable: true, writable: false);
    }

    public void OnReadable() => TryHandle();

    public void OnWritable()
    {
        // It never waits for room.
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _done, 1) == 0)
            End();
    }

    /// <returns>False where there is no frame yet.</returns>
    private bool TryHandle()
    {
        if (Volatile.Read(ref _done) != 0)
            return true;
        UnixReceiveStatus status;
        ArraySegment<byte> frame;
        try
        {
            status = UnixReceiver.Current.TryReceive(Handle, out frame);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        if (status == UnixReceiveStatus.Empty)
            return false;
        if (Interlocked.Exchange(ref _done, 1) != 0)
            return true;
        lock (_watchSync)
        {
            if (_slot != 0)
                _slot = _poller.Watch(this, _slot, readable: false, writable: false);
        }
        if (status == UnixReceiveStatus.Frame && frame.Count >= UnixFrame.Size)
            _server.Handle(this, UnixFrame.Read(frame), frame);
        else
            End();
        return true;
    }

    private void End()
    {
        _server.Ended(this);
        Handle.Dispose();
    }
}
