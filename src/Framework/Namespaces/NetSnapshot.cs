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

    /// <summary>Counts the publications of the namespace; the value behind NLM_F_DUMP_INTR.</summary>
    public ulong Generation { get; }

    /// <summary>A subsystem's state.</summary>
    /// <exception cref="InvalidOperationException">No subsystem registered such state.</exception>
    public T Get<T>()
        where T : class => Get<T>(_slots);

    internal static T Get<T>(object?[] slots)
        where T : class
    {
        int index = NetState<T>.Index;
        if ((uint)index < (uint)slots.Length && slots[index] is { } value)
            return Unsafe.As<T>(value);
        throw new InvalidOperationException($"No subsystem has registered per-net state of type {typeof(T)}.");
    }

    internal static void Set<T>(object?[] slots, T value)
        where T : class
    {
        int index = NetState<T>.Index;
        if ((uint)index >= (uint)slots.Length || slots[index] is null)
            throw new InvalidOperationException($"No subsystem has registered per-net state of type {typeof(T)}.");
        slots[index] = value;
    }

    internal object?[] CopySlots() => (object?[])_slots.Clone();
}
