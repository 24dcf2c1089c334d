namespace SmallRtnl;

/// <summary>What takes a socket's datagrams to a reader elsewhere: they are the socket's until they have been read there.</summary>
internal interface IDatagramCarrier
{
    /// <summary>What has been taken and not been read yet, as it occupies memory. Asked under the socket's lock: it must not call back.</summary>
    int UnreadBytes { get; }

    /// <summary>Whether the reader has gone though the socket is still here.</summary>
    bool HasPeerClosed();

    /// <summary>Lets the reader's next receive fail, before it comes to what has been taken already. Asked under the socket's lock.</summary>
    /// <returns>False where that cannot be done: the error comes in its turn.</returns>
    bool TryRaise(Errno error);
}
