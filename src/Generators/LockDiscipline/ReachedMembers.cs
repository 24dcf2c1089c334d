using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>
/// What walked functions reach that has not been walked: a superset of what following the calls under locks asks for, so that it can be walked
/// beforehand, many bodies at once. What it left out would be walked when it is asked for.
/// </summary>
internal sealed class ReachedMembers(LockProgram program, Implementations implementations)
{
    private readonly HashSet<Function> _read = [];
    private readonly HashSet<ISymbol> _told = new(SymbolEqualityComparer.Default);
    private readonly List<ISymbol> _next = [];

    /// <summary>
    /// What the functions walked since the last time reach: methods and types to be walked, and members whose mentions matter (delegates kept
    /// in them, writes of what is read without a lock).
    /// </summary>
    public IReadOnlyList<ISymbol> Next()
    {
        _next.Clear();
        foreach (Function function in program.AllFunctions)
        {
            if (_read.Add(function))
            {
                foreach (Event found in function.Events)
                    Read(found);
            }
        }
        return [.. _next];
    }

    private void Read(Event found)
    {
        foreach (LocalHold hold in found.Holds)
        {
            if (hold.Maker is { } maker)
                Tell(maker);
        }
        if (found.Kind == EventKind.Call && found.Symbol is IMethodSymbol method)
            ReadCall(method, found.VirtualOn);
        else if (found is { Kind: EventKind.Write, IsWrite: false, Symbol: { } read, Receiver: not Origin.Fresh })
            Tell(read);
        foreach ((_, DelegateSet handed) in found.DelegateArguments)
            Read(handed, depth: 0);
        if (found.Delegates is { } delegates)
            Read(delegates, depth: 0);
    }

    private void ReadCall(IMethodSymbol method, ITypeSymbol? virtualOn)
    {
        Tell(method);
        if (implementations.ExtensionOf(method) is { } extension)
            Tell(extension);
        if (virtualOn is not null)
        {
            foreach (IMethodSymbol implementation in implementations.Of(method, virtualOn))
                Tell(implementation);
        }
        if (method.MethodKind != MethodKind.Constructor)
            return;
        for (INamedTypeSymbol? type = method.ContainingType; type is not null && program.Facts.KindOf(type) == SymbolFacts.AssemblyKind.Own; type = type.BaseType?.OriginalDefinition)
        {
            Tell(type);
            foreach (IMethodSymbol plain in type.InstanceConstructors.Where(plain => plain.Parameters.IsEmpty))
                Tell(plain);
        }
    }

    private void Read(DelegateSet delegates, int depth)
    {
        foreach ((IMethodSymbol method, _, ITypeSymbol? virtualOn) in delegates.Methods)
            ReadCall(method, virtualOn);
        foreach (ISymbol member in delegates.Members)
            Tell(member);
        // Variables may be assigned from each other.
        if (depth > 8)
            return;
        foreach ((_, DelegateSet assigned) in delegates.Variables)
            Read(assigned, depth + 1);
    }

    private void Tell(ISymbol symbol)
    {
        if (program.Facts.KindOf(symbol) == SymbolFacts.AssemblyKind.Own && _told.Add(symbol))
            _next.Add(symbol);
    }
}
