using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The declared order among locks: words and users' own classes, one graph of what is taken before what.</summary>
internal sealed class OrderGraph
{
    private static readonly LockAtom s_rtnl = new(LockWord.Rtnl);
    private static readonly LockAtom s_perNet = new(LockWord.PerNet);

    private readonly Dictionary<LockAtom, List<LockAtom>> _before = [];

    public OrderGraph(IEnumerable<INamedTypeSymbol> types)
    {
        Add(s_rtnl, s_perNet);
        foreach (INamedTypeSymbol type in types)
            Read(type);
    }

    /// <summary>The classes that declare an order, in the order in which they were read.</summary>
    public List<INamedTypeSymbol> Declaring { get; } = [];

    /// <summary>Every edge that a class declares, in the order in which they were read.</summary>
    public List<(INamedTypeSymbol By, LockAtom Before, LockAtom After)> Declared { get; } = [];

    /// <summary>A way from one lock to another that must be taken after it; null where none is declared.</summary>
    public List<LockAtom>? Path(LockAtom from, LockAtom to)
    {
        var came = new Dictionary<LockAtom, LockAtom>();
        var pending = new Queue<LockAtom>([from]);
        while (pending.Count > 0)
        {
            LockAtom at = pending.Dequeue();
            if (!_before.TryGetValue(at, out List<LockAtom>? next))
                continue;
            foreach (LockAtom after in next)
            {
                if (came.ContainsKey(after))
                    continue;
                came.Add(after, at);
                if (after.Equals(to))
                {
                    var path = new List<LockAtom> { to };
                    for (LockAtom step = at; ; step = came[step])
                    {
                        path.Insert(0, step);
                        if (step.Equals(from))
                            return path;
                    }
                }
                pending.Enqueue(after);
            }
        }
        return null;
    }

    private void Read(INamedTypeSymbol type)
    {
        bool declares = false;
        foreach (AttributeData attribute in type.GetAttributes())
        {
            if (!KnownNames.Is(attribute.AttributeClass, "LockOrderAttribute"))
                continue;
            declares = true;
            var self = new LockAtom(LockWord.Unlocked, type.OriginalDefinition);
            foreach (KeyValuePair<string, TypedConstant> argument in attribute.NamedArguments)
            {
                if (SymbolFacts.ReadLock(argument.Value) is not { IsNothing: false } other)
                    continue;
                if (argument.Key == "Before")
                    Declare(type, self, other);
                else if (argument.Key == "After")
                    Declare(type, other, self);
            }
        }
        if (declares)
            Declaring.Add(type);
    }

    private void Declare(INamedTypeSymbol by, LockAtom before, LockAtom after)
    {
        Declared.Add((by, before, after));
        Add(before, after);
    }

    private void Add(LockAtom before, LockAtom after)
    {
        if (!_before.TryGetValue(before, out List<LockAtom>? next))
            _before.Add(before, next = []);
        if (!next.Contains(after))
            next.Add(after);
    }
}
