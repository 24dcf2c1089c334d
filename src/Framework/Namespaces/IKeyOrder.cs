namespace SmallRtnl;

/// <summary>How the items of a sorted <see cref="PersistentList{T}"/> compare to what they are searched by.</summary>
/// <typeparam name="TItem">The items.</typeparam>
/// <typeparam name="TKey">What they are searched by.</typeparam>
public interface IKeyOrder<TItem, TKey>
{
    /// <summary>Negative where the item comes before the key, positive where it comes after, 0 where it is what the key asks for.</summary>
    static abstract int Compare(TItem item, in TKey key);
}
