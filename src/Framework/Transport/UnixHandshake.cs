namespace SmallRtnl;

/// <summary>
/// A connection that has been accepted and has not said yet what it is: HELLO makes it a netlink socket, CONTROL asks one question. One that is
/// refused is heard as well, so that its answer is the answer to what it asks.
/// </summary>
/// <param name="server">Whose it is.</param>
/// <param name="handle">The connection.</param>
/// <param name="user">Its peer's user, who has it on the account.</param>
/// <param name="peer">Who connected.</param>
/// <param name="refusal">Why it is refused; none: it is not.</param>
/// <param name="poller">The poller that waits for the first frame.</param>
internal sealed class UnixHandshake(UnixSocketServer server, FileHandle handle, UnixUser user, UnixCredentials peer, Errno refusal, UnixPoller poller)
    : UnixPolled(handle, user)
{
    private readonly Lock _watchSync = new();
    private readonly long _start = Environment.TickCount64;
    private int _slot;
    private int _done;
    private bool _isWaiting;

    public UnixCredentials Peer { get; } = peer;

    public Errno Refusal { get; } = refusal;

    /// <summary>For how long it has been there, in milliseconds.</summary>
    public long Age => Environment.TickCount64 - _start;

    /// <summary>Looks for the first frame, which mostly is there already; else the poller tells of it.</summary>
    public override void OnReadable(bool hasHungUp)
    {
        if (TryHandle() || _isWaiting)
            return;
        _isWaiting = true;
        server.Waits(this);
        lock (_watchSync)
        {
            if (Volatile.Read(ref _done) == 0)
                _slot = poller.Watch(this, 0, readable: true, writable: false);
        }
    }

    /// <summary>Ends it, telling a client that has said nothing why.</summary>
    public void Close(Errno errno)
    {
        if (Interlocked.Exchange(ref _done, 1) != 0)
            return;
        StopWatching();
        if (errno != Errno.None)
            UnixSocketServer.Refuse(Handle, errno);
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
        StopWatching();
        if (status == UnixReceiveStatus.Frame && frame.Count >= UnixFrame.Size)
            server.Handle(this, UnixFrame.Read(frame), frame);
        else
            End();
        return true;
    }

    private void StopWatching()
    {
        lock (_watchSync)
        {
            if (_slot != 0)
                _slot = poller.Watch(this, _slot, readable: false, writable: false);
        }
    }

    private void End()
    {
        server.Ended(this);
        server.Leave(this);
        Handle.Dispose();
    }
}
