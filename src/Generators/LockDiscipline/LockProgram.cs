using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SmallRtnl.Generators;

/// <summary>
/// What the walks of a compilation's bodies have found: of all of them, or, where there is a source of bodies, of those that have been asked for. Filled by
/// many at once, read when they have ended.
/// </summary>
internal sealed class LockProgram(Compilation compilation)
{
    private readonly ConcurrentDictionary<ISymbol, Function> _functions = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, DelegateSet> _memberDelegates = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, IFieldSymbol?> _backing = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, byte> _written = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<ISymbol, byte> _events = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentBag<Function> _lambdas = [];
    private readonly ConcurrentBag<(SyntaxNode Syntax, string Text)> _netsOfObjects = [];

    public Compilation Compilation { get; } = compilation;

    public SymbolFacts Facts { get; } = new(compilation);

    public ITypeSymbol ObjectType { get; } = compilation.GetSpecialType(SpecialType.System_Object);

    /// <summary>Every method, accessor, constructor and initialiser whose body has been walked.</summary>
    public IEnumerable<Function> Functions => _functions.Values;

    /// <summary>Those, and the lambdas.</summary>
    public IEnumerable<Function> AllFunctions => _functions.Values.Concat(_lambdas);

    /// <summary>Locks asked for through an object's namespace property.</summary>
    public IEnumerable<(SyntaxNode Syntax, string Text)> NetsOfObjects => _netsOfObjects;

    /// <summary>Enums used as the events of a notifier chain.</summary>
    public IEnumerable<INamedTypeSymbol> EventEnums => _events.Keys.Cast<INamedTypeSymbol>();

    /// <summary>Walks every body of a compilation that nobody has bound yet.</summary>
    public static LockProgram Of(Compilation compilation, CancellationToken cancellation)
    {
        var program = new LockProgram(compilation);
        var bodies = new BodySource(program, cancellation);
        bodies.WalkAll();
        return program;
    }

    public static bool IsGenerated(SyntaxTree tree) => tree.FilePath.EndsWith(".g.cs", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the bodies that are asked for come from, in a program that is walked on demand; null where all have been walked.</summary>
    public BodySource? Bodies { get; set; }

    /// <summary>The calls of members that ask for a lock, by their syntax; null where nobody wants to know.</summary>
    public ConcurrentDictionary<SyntaxNode, IInvocationOperation>? LockCalls { get; init; }

    /// <summary>A member that asks for a lock is called.</summary>
    public void NoteLockCall(IInvocationOperation call) => LockCalls?.TryAdd(call.Syntax, call);

    public Function? Find(ISymbol symbol)
    {
        Bodies?.Demand(symbol);
        return _functions.TryGetValue(symbol, out Function? function) ? function : null;
    }

    public Function GetOrAdd(ISymbol symbol, ISymbol owner)
    {
        ISymbol body = owner is IMethodSymbol || owner.IsStatic ? owner : symbol;
        return _functions.GetOrAdd(symbol, _ => new Function(body, outer: null, firstSlot: 1));
    }

    public Function Add(Function lambda)
    {
        _lambdas.Add(lambda);
        return lambda;
    }

    public Function AddLocal(IMethodSymbol symbol, Function outer) => _functions.GetOrAdd(symbol, _ => new Function(symbol, outer, outer.SlotCount));

    public void AddMemberDelegates(ISymbol member, DelegateSet delegates)
    {
        DelegateSet known = _memberDelegates.GetOrAdd(member.OriginalDefinition, static _ => new DelegateSet());
        lock (known)
            known.Add(delegates);
    }

    public DelegateSet? MemberDelegates(ISymbol member)
    {
        Bodies?.DemandMentions(member);
        return _memberDelegates.TryGetValue(member.OriginalDefinition, out DelegateSet? known) ? known : null;
    }

    public void NoteWritten(IFieldSymbol field) => _written.TryAdd(field.OriginalDefinition, 0);

    public bool IsWritten(ISymbol field)
    {
        Bodies?.DemandMentions(field);
        return _written.ContainsKey(field.OriginalDefinition);
    }

    public void NoteEvents(INamedTypeSymbol events)
    {
        if (events.TypeKind == TypeKind.Enum)
            _events.TryAdd(events.OriginalDefinition, 0);
    }

    public void ReportNetOfObject(SyntaxNode syntax, string text) => _netsOfObjects.Add((syntax, text));

    /// <summary>The field behind a property that the compiler implements; null where there is none.</summary>
    public IFieldSymbol? BackingField(IPropertySymbol property) => _backing.GetOrAdd(property.OriginalDefinition, static key => SymbolFacts.BackingField((IPropertySymbol)key));
}
