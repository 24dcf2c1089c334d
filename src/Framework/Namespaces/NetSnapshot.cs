using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// One immutable version of a namespace: a table of slots, one a subsystem. Consistent across subsystems, because a request
/// publishes all that it changed with one reference swap.
/// </summary>
public sealed class NetSnapshot
{
    private readonly object?[] _slots;

    internal NetSnapshot(object?[] slots, ulong generation)
    {
        _slots = slots;
        Generation = generation;
    }

    /// <summary>What a namespace has before its subsystems have given it anything.</summary>
    internal static NetSnapshot Nothing { get; } = new([], 0);

    /// <summary>Counts the publications of the namespace; the value behind NLM_F_DUMP_INTR.</summary>
    public ulong Generation { get; }

    /// <summary>A subsystem's state.</summary>
    /// <exception cref="InvalidOperationException">No subsystem registered such state.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Get<T>()
        where T : class => Get<T>(_slots);

    // Inlined, so that a caller that names the type has the index as a constant.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T Get<T>(object?[] slots)
        where T : class
    {
        int index = NetState<T>.Index;
        if ((uint)index < (uint)slots.Length && slots[index] is { } value)
            return Unsafe.As<T>(value);
        throw Missing(typeof(T));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Set<T>(object?[] slots, T value)
        where T : class
    {
        int index = NetState<T>.Index;
        if ((uint)index >= (uint)slots.Length || slots[index] is null)
            throw Missing(typeof(T));
        slots[index] = value;
    }

    private static InvalidOperationException Missing(Type type) => new($"No subsystem has registered per-net state of type {type}.");

    internal object?[] Slots => _slots;

    internal object?[] CopySlots() => (object?[])_slots.Clone();
}
