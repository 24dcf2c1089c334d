namespace SmallRtnl;

/// <summary>Which items of a <see cref="PersistentList{T}"/> are meant. Implemented by structs: the walk is compiled for each.</summary>
/// <typeparam name="T">The items.</typeparam>
public interface IItemCondition<T>
{
    /// <summary>Whether an item is meant.</summary>
    bool Suits(T item);
}
