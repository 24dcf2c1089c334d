namespace SmallRtnl;

/// <summary>The slot in which a namespace keeps a subsystem's state of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">An immutable type: a persistent structure.</typeparam>
internal static class NetState<T>
    where T : class
{
    /// <summary>The slot's index, the same in every namespace of the process.</summary>
    public static readonly int Index = NetStateIndex.Next();
}

internal static class NetStateIndex
{
    private static int s_last = -1;

    public static int Next() => Interlocked.Increment(ref s_last);
}
