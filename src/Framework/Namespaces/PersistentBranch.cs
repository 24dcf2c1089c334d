using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>An inner node of a <see cref="PersistentList{T}"/>. Not generic, so that telling it from a leaf costs one comparison.</summary>
internal sealed class PersistentBranch
{
    /// <summary>Leaves, or branches; all of one kind.</summary>
    public readonly object[] Children;

    /// <summary>How many items there are in each child and those before it.</summary>
    public readonly int[] Ends;

    /// <summary>The last item of each child, an array of the list's items: a search goes down without looking into the children.</summary>
    public readonly object Lasts;

    public PersistentBranch(object[] children, int[] ends, object lasts)
    {
        Children = children;
        Ends = ends;
        Lasts = lasts;
    }

    public int Count => Ends[^1];

    /// <summary>The child that holds an item, or the last one; the index becomes that within the child.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ChildOf(ref int index)
    {
        int[] ends = Ends;
        int child = 0;
        while (child < ends.Length - 1 && index >= ends[child])
            child++;
        if (child > 0)
            index -= ends[child - 1];
        return child;
    }
}
