using System.Collections.Immutable;

namespace SmallRtnl.Addresses;

/// <summary>
/// The addresses of a namespace: by interface, each family in the order in which the kernel keeps and dumps it. Immutable.
/// </summary>
public sealed class AddressTable
{
    private readonly PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> _inet;
    private readonly PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> _inet6;

    private AddressTable(
        PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> inet,
        PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> inet6)
    {
        _inet = inet;
        _inet6 = inet6;
    }

    /// <summary>No addresses.</summary>
    public static AddressTable Empty { get; } = new(default, default);

    /// <summary>An interface's addresses in the kernel's order.</summary>
    public ImmutableArray<InterfaceAddress> Of(ProtocolFamily family, int index)
    {
        PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> interfaces = Family(family);
        return interfaces.TryFind<int, IndexOrder>(in index, out int at) ? interfaces[at].Value : [];
    }

    /// <summary>Every interface that has addresses of a family, in ascending order of index.</summary>
    public PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> All(ProtocolFamily family) => Family(family);

    /// <summary>The address, on any interface or on the one given; null where nobody has it.</summary>
    public InterfaceAddress? Find(InetAddress local, int index = 0)
    {
        AddressBits bits = AddressBits.Of(local);
        if (index != 0)
            return FindIn(Of(local.Family, index), bits, local.Family);
        foreach (KeyValuePair<int, ImmutableArray<InterfaceAddress>> entry in Family(local.Family))
        {
            if (FindIn(entry.Value, bits, local.Family) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>With an interface's addresses replaced.</summary>
    public AddressTable With(ProtocolFamily family, int index, ImmutableArray<InterfaceAddress> addresses)
    {
        PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> interfaces = Family(family);
        bool known = interfaces.TryFind<int, IndexOrder>(in index, out int at);
        if (addresses.IsEmpty && !known)
            return this;
        if (addresses.IsEmpty)
            interfaces = interfaces.WithRemoved(at);
        else if (known)
            interfaces = interfaces.WithReplaced(at, KeyValuePair.Create(index, addresses));
        else
            interfaces = interfaces.WithInserted(at, KeyValuePair.Create(index, addresses));
        return family == ProtocolFamily.AF_INET6 ? new(_inet, interfaces) : new(interfaces, _inet6);
    }

    private static InterfaceAddress? FindIn(ImmutableArray<InterfaceAddress> addresses, AddressBits local, ProtocolFamily family)
    {
        foreach (InterfaceAddress address in addresses)
        {
            if (address.IsAt(local, family))
                return address;
        }
        return null;
    }

    private PersistentList<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> Family(ProtocolFamily family) =>
        family == ProtocolFamily.AF_INET6 ? _inet6 : _inet;

    private readonly struct IndexOrder : IKeyOrder<KeyValuePair<int, ImmutableArray<InterfaceAddress>>, int>
    {
        public static int Compare(KeyValuePair<int, ImmutableArray<InterfaceAddress>> item, in int key) => item.Key.CompareTo(key);
    }
}
