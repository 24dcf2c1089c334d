using SmallRtnl;
using static SmallRtnl.RtnlLock;

namespace Guarded;

public sealed partial class Shelf
{
    /// <summary>Adds some.</summary>
    [RequiresLock(PerNet)]
    public int Add<T>(in T book, params int[] more)
        where T : notnull => Books += more.Length + (book.Equals(_net) ? 0 : 1);

    /// <summary>Empties both.</summary>
    [RequiresLock(PerNet, Net = nameof(other))]
    [RequiresLock(Rtnl)]
    public static void Clear(Shelf shelf, Net other)
    {
        First = null;
        shelf.Books = 0;
        _ = shelf.Add("a", 1, 2) + (shelf?.Add(other) ?? 0);
    }
}
