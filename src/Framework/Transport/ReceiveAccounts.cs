namespace SmallRtnl;

/// <summary>The accounts of the users who have sockets, by uid.</summary>
/// <param name="limit">What an ordinary user's sockets may hold unread.</param>
/// <param name="ownLimit">What root's, and those of the server's own user, may.</param>
internal sealed class ReceiveAccounts(long limit, long ownLimit)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<uint, ReceiveAccount> _accounts = [];

    /// <summary>Adds a socket to its user's account.</summary>
    public ReceiveAccount Open(uint uid, NetlinkSocket socket)
    {
        lock (_sync)
        {
            if (!_accounts.TryGetValue(uid, out ReceiveAccount? account))
                _accounts[uid] = account = new ReceiveAccount(UnixPeer.IsOwn(uid) ? ownLimit : limit);
            account.Add(socket);
            return account;
        }
    }

    /// <summary>Takes it out again; a user without any has no account.</summary>
    public void Close(uint uid, NetlinkSocket socket)
    {
        lock (_sync)
        {
            if (!_accounts.TryGetValue(uid, out ReceiveAccount? account))
                return;
            account.Remove(socket);
            if (account.IsEmpty)
                _accounts.Remove(uid);
        }
    }

    /// <summary>What a user's sockets hold.</summary>
    public long BytesOf(uint uid)
    {
        lock (_sync)
            return _accounts.TryGetValue(uid, out ReceiveAccount? account) ? account.Bytes : 0;
    }
}
