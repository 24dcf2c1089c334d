namespace SmallRtnl;

/// <summary>A file that a <see cref="UnixPoller"/> watches, and whose turns it gives.</summary>
/// <param name="handle">The file.</param>
/// <param name="user">On whose account its turns go.</param>
internal abstract class UnixPolled(FileHandle handle, UnixUser user)
{
    public FileHandle Handle { get; } = handle;

    public UnixUser User { get; } = user;

    /// <summary>What it is ready for while it waits for its turn; the queue's own.</summary>
    internal uint Events { get; set; }

    /// <summary>Called on the poller's thread while there is something to read, or the peer has gone. Reading must not wait.</summary>
    /// <param name="hasHungUp">Whether the peer has closed; what it sent before may still be there.</param>
    public abstract void OnReadable(bool hasHungUp);

    /// <summary>Called on the poller's thread while there is room to write, or the peer has gone.</summary>
    public virtual void OnWritable()
    {
        // Most wait for no room.
    }

    /// <summary>Called on the poller's thread when it is the turn of a file that asked for another one (<see cref="UnixPoller.GoOn"/>).</summary>
    public virtual void OnTurn() => OnReadable(hasHungUp: false);
}
