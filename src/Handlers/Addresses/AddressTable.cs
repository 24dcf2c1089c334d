using System.Collections.Immutable;

namespace SmallRtnl.Addresses;

/// <summary>
/// The addresses of a namespace: by interface, each family in the order in which the kernel keeps and dumps it. Immutable.
/// </summary>
public sealed class AddressTable
{
    private readonly ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>> _inet;
    private readonly ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>> _inet6;

    private AddressTable(
        ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>> inet,
        ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>> inet6)
    {
        _inet = inet;
        _inet6 = inet6;
    }

    /// <summary>No addresses.</summary>
    public static AddressTable Empty { get; } = new(
        ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>>.Empty,
        ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>>.Empty);

    /// <summary>An interface's addresses in the kernel's order.</summary>
    public ImmutableArray<InterfaceAddress> Of(ProtocolFamily family, int index) =>
        Family(family).TryGetValue(index, out ImmutableArray<InterfaceAddress> addresses) ? addresses : [];

    /// <summary>Every interface that has addresses of a family, in ascending order of index.</summary>
    public IEnumerable<KeyValuePair<int, ImmutableArray<InterfaceAddress>>> All(ProtocolFamily family) => Family(family);

    /// <summary>The address, on any interface or on the one given; null where nobody has it.</summary>
    public InterfaceAddress? Find(InetAddress local, int index = 0)
    {
        if (index != 0)
            return FindIn(Of(local.Family, index), local);
        foreach (KeyValuePair<int, ImmutableArray<InterfaceAddress>> entry in Family(local.Family))
        {
            if (FindIn(entry.Value, local) is { } found)
                return found;
        }
        return null;
    }

    /// <summary>With an interface's addresses replaced.</summary>
    public AddressTable With(ProtocolFamily family, int index, ImmutableArray<InterfaceAddress> addresses)
    {
        ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>> before = Family(family);
        ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>> after = addresses.IsEmpty ? before.Remove(index) : before.SetItem(index, addresses);
        return family == ProtocolFamily.AF_INET6 ? new(_inet, after) : new(after, _inet6);
    }

    private static InterfaceAddress? FindIn(ImmutableArray<InterfaceAddress> addresses, InetAddress local)
    {
        foreach (InterfaceAddress address in addresses)
        {
            if (address.Local == local)
                return address;
        }
        return null;
    }

    private ImmutableSortedDictionary<int, ImmutableArray<InterfaceAddress>> Family(ProtocolFamily family) =>
        family == ProtocolFamily.AF_INET6 ? _inet6 : _inet;
}
