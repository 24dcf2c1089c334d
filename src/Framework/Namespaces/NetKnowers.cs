namespace SmallRtnl;

/// <summary>
/// The namespaces that have an id for one, or had: those that must hear of its end, found without asking every namespace of the host.
/// </summary>
internal sealed class NetKnowers
{
    private readonly Lock _sync = new();
    private Box _all = new(default);

    /// <summary>In ascending order of id.</summary>
    public PersistentList<Net> All => Volatile.Read(ref _all).Nets;

    public void Add(Net knower)
    {
        lock (_sync)
        {
            if (!_all.Nets.TryFind<Net, LockOrder>(in knower, out int at))
                Volatile.Write(ref _all, new Box(_all.Nets.WithInserted(at, knower)));
        }
    }

    public void Remove(Net knower)
    {
        lock (_sync)
        {
            if (_all.Nets.TryFind<Net, LockOrder>(in knower, out int at))
                Volatile.Write(ref _all, new Box(_all.Nets.WithRemoved(at)));
        }
    }

    private sealed record Box(PersistentList<Net> Nets);

    private readonly struct LockOrder : IKeyOrder<Net, Net>
    {
        public static int Compare(Net item, in Net key) => Net.CompareLockOrder(item, key);
    }
}
