namespace SmallRtnl.Routes;

/// <summary>
/// The tables of both families, to be changed one after another: a request that changes several makes one <see cref="RouteTable"/> of them in
/// the end. The tables that every namespace has are fields; there are hardly ever others.
/// </summary>
internal struct RouteTables
{
    private Fib? _inetMain;
    private Fib? _inetLocal;
    private Fib? _inet6Main;
    private Fib? _inet6Local;
    private PersistentList<Fib> _inetOthers;
    private PersistentList<Fib> _inet6Others;

    /// <summary>Whether a client has ever made a local IPv4 route (<c>fib_has_custom_local_routes</c>).</summary>
    public bool HasCustomLocal { readonly get; set; }

    /// <summary>Whether there has ever been an IPv4 route with a class.</summary>
    public bool HadFlows { readonly get; set; }

    /// <summary>Whether an IPv4 route has a class (<c>fib_num_tclassid_users</c>). Looks at every route, once there has been one.</summary>
    public readonly bool HasFlows
    {
        get
        {
            if (!HadFlows)
                return false;
            foreach (Fib fib in All(ProtocolFamily.AF_INET))
            {
                foreach (Route route in fib.All)
                {
                    if (route.Flow != 0)
                        return true;
                }
            }
            return false;
        }
    }

    /// <summary>Whether a family has other tables than main and local.</summary>
    public readonly bool HasOthers(ProtocolFamily family) => !(family == ProtocolFamily.AF_INET6 ? _inet6Others : _inetOthers).IsEmpty;

    /// <summary>A table; null where it does not exist.</summary>
    public readonly Fib? Find(ProtocolFamily family, uint id)
    {
        bool isInet6 = family == ProtocolFamily.AF_INET6;
        if (id == RouteTableId.Main)
            return isInet6 ? _inet6Main : _inetMain;
        if (id == RouteTableId.Local)
            return isInet6 ? _inet6Local : _inetLocal;
        PersistentList<Fib> others = isInet6 ? _inet6Others : _inetOthers;
        return others.TryFind<uint, TableOrder>(in id, out int at) ? others[at] : null;
    }

    /// <summary>A table, or an empty one where it does not exist.</summary>
    public readonly Fib Get(ProtocolFamily family, uint id) => Find(family, id) ?? Fib.Empty(family, id);

    /// <summary>Puts a table in its place.</summary>
    public void Put(ProtocolFamily family, Fib fib)
    {
        bool isInet6 = family == ProtocolFamily.AF_INET6;
        if (fib.Id is RouteTableId.Main or RouteTableId.Local)
        {
            Place(ref this, isInet6, fib.Id) = fib;
            // The kernel keeps IPv4's local routes in main's trie, which they bring along.
            _inetMain ??= _inetLocal is null ? null : Fib.Empty(ProtocolFamily.AF_INET, RouteTableId.Main);
        }
        else if (isInet6)
            _inet6Others = With(_inet6Others, fib);
        else
            _inetOthers = With(_inetOthers, fib);
    }

    /// <summary>The tables of a family in the order of a dump: by the low byte of the id, which is the kernel's hash.</summary>
    public readonly PersistentList<Fib> All(ProtocolFamily family)
    {
        bool isInet6 = family == ProtocolFamily.AF_INET6;
        PersistentList<Fib> all = isInet6 ? _inet6Others : _inetOthers;
        Fib? main = isInet6 ? _inet6Main : _inetMain, local = isInet6 ? _inet6Local : _inetLocal;
        if (all.IsEmpty && main is not null && local is not null)
            return PersistentList.Of(main, local);
        if (main is not null)
            all = With(all, main);
        return local is null ? all : With(all, local);
    }

    private static ref Fib? Place(ref RouteTables tables, bool isInet6, uint id)
    {
        if (id == RouteTableId.Main)
            return ref isInet6 ? ref tables._inet6Main : ref tables._inetMain;
        return ref isInet6 ? ref tables._inet6Local : ref tables._inetLocal;
    }

    private static PersistentList<Fib> With(PersistentList<Fib> tables, Fib fib)
    {
        uint id = fib.Id;
        return tables.TryFind<uint, TableOrder>(in id, out int at) ? tables.WithReplaced(at, fib) : tables.WithInserted(at, fib);
    }

    private readonly struct TableOrder : IKeyOrder<Fib, uint>
    {
        public static int Compare(Fib item, in uint key)
        {
            int byHash = ((byte)item.Id).CompareTo((byte)key);
            return byHash != 0 ? byHash : item.Id.CompareTo(key);
        }
    }
}
