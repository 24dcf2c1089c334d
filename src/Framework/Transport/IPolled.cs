namespace SmallRtnl;

/// <summary>A file that a <see cref="UnixPoller"/> watches.</summary>
internal interface IPolled
{
    FileHandle Handle { get; }

    /// <summary>Called on the poller's thread while there is something to read, or the peer has gone. Reading must not wait.</summary>
    void OnReadable();

    /// <summary>Called on the poller's thread while there is room to write, or the peer has gone.</summary>
    void OnWritable();
}
