using Spectre.Console;

namespace SmallRtnl.Host;

/// <summary>The lock order as a tree: below each lock, what may be taken while it is held.</summary>
internal static class LockOrderTree
{
    public static Tree Render(IReadOnlyList<LockOrderEdge> order)
    {
        var tree = new Tree("Taken while the one above is held");
        var drawn = new HashSet<string>(StringComparer.Ordinal);
        var below = order.Select(edge => edge.After).ToHashSet(StringComparer.Ordinal);
        foreach (string root in order.Select(edge => edge.Before).Distinct().Where(name => !below.Contains(name)))
            Draw(tree, root);
        return tree;

        void Draw(IHasTreeNodes parent, string name)
        {
            string[] next = [.. order.Where(edge => edge.Before == name).Select(edge => edge.After)];
            bool isNew = drawn.Add(name);
            TreeNode node = parent.AddNode(Markup.Escape(isNew || next.Length == 0 ? name : $"{name} (as above)"));
            if (!isNew)
                return;
            foreach (string after in next)
                Draw(node, after);
        }
    }
}
