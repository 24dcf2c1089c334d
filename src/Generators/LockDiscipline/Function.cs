using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>A body of code: a method, accessor, constructor, initialiser, local function or lambda, as the events in it.</summary>
internal sealed class Function(ISymbol symbol, Function? outer, int firstSlot)
{
    /// <summary>The method; for the initialisers of a type's fields, the type.</summary>
    public ISymbol Symbol { get; } = symbol;

    /// <summary>The function that a lambda or local function stands in.</summary>
    public Function? Outer { get; } = outer;

    /// <summary>The slot of its first parameter; the outermost's receiver has slot 0.</summary>
    public int FirstSlot { get; } = firstSlot;

    public ImmutableArray<IParameterSymbol> Parameters { get; } = (symbol as IMethodSymbol)?.Parameters ?? [];

    public int SlotCount => FirstSlot + Parameters.Length;

    public List<Event> Events { get; } = [];

    public bool IsIterator { get; set; }

    public bool IsAsync => Symbol is IMethodSymbol { IsAsync: true };

    /// <summary>The lock of the lease it returns, where its body says so.</summary>
    public LockAtom? Returned { get; set; }

    public Function Outermost => Outer?.Outermost ?? this;

    /// <summary>The name in call paths.</summary>
    public string Name { get; } = NameOf(symbol, outer);

    public static string NameOf(ISymbol symbol, Function? outer = null) => symbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } => outer is null ? "lambda" : $"lambda in {outer.Name}",
        IMethodSymbol { MethodKind: MethodKind.LocalFunction } => outer is null ? symbol.Name : $"{outer.Name}.{symbol.Name}",
        IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor } => $"new {symbol.ContainingType?.Name}",
        IMethodSymbol { AssociatedSymbol: { } member } => NameOf(member),
        IPropertySymbol { IsIndexer: true } => $"{symbol.ContainingType?.Name}[]",
        INamedTypeSymbol => $"initialisers of {symbol.Name}",
        { ContainingType.Name: { Length: > 0 } type } => $"{type}.{symbol.Name}",
        { ContainingType.ContainingType.Name: { Length: > 0 } type } => $"{type}.{symbol.Name}",
        _ => symbol.Name,
    };
}

/// <summary>What an event is.</summary>
internal enum EventKind
{
    /// <summary>Guarded state is read or written.</summary>
    Access,

    /// <summary>State that nothing guards is written.</summary>
    Write,

    /// <summary>A member is called.</summary>
    Call,

    /// <summary>A delegate is called.</summary>
    Invoke,

    /// <summary>Delegates go where nobody sees when they are called.</summary>
    Escape,

    /// <summary>A lock is taken by hand.</summary>
    Acquire,

    /// <summary>await.</summary>
    Await,

    /// <summary>The thread waits.</summary>
    Block,

    /// <summary>ConfigureAwait(false), Task.Run: the flow leaves the owner's.</summary>
    LeaveOwner,

    /// <summary>A mutable collection is enumerated while the dump's lock comes and goes.</summary>
    AcrossYield,

    /// <summary>Something that cannot be followed.</summary>
    Unknown,
}

/// <summary>Whether code runs only where the request is locked, or only where it is not: a branch by IsLocked.</summary>
internal enum Gate
{
    Any,
    OnlyLocked,
    OnlyUnlocked,
}

/// <summary>A lock held by a scope in the function itself.</summary>
/// <param name="Atom">The lock; where <paramref name="Maker"/> is not null, what that function returns.</param>
/// <param name="Maker">The function of this compilation whose lease it is.</param>
/// <param name="Lease">The variable that has the lease.</param>
/// <param name="IsCertain">Held on every way here; else on some.</param>
/// <param name="CrossesAwaits">An asynchronous lease.</param>
internal sealed record LocalHold(LockAtom Atom, IMethodSymbol? Maker, ISymbol? Lease, bool IsCertain, bool CrossesAwaits);

/// <summary>One thing that a function does.</summary>
internal sealed class Event(EventKind kind, SyntaxNode syntax, ImmutableArray<LocalHold> holds, Gate gate)
{
    public EventKind Kind { get; } = kind;

    public SyntaxNode Syntax { get; } = syntax;

    /// <summary>What scopes in this function hold here.</summary>
    public ImmutableArray<LocalHold> Holds { get; } = holds;

    public Gate Gate { get; } = gate;

    /// <summary>What is touched or called.</summary>
    public ISymbol? Symbol { get; init; }

    /// <summary>The lock that guards it, or that is taken.</summary>
    public LockAtom Atom { get; init; }

    public bool IsWrite { get; init; }

    /// <summary>Whose it is; see <see cref="Origin"/>.</summary>
    public char Receiver { get; init; } = Origin.Unknown;

    /// <summary>The namespace that a contract speaks of.</summary>
    public char Net { get; init; } = Origin.Unknown;

    /// <summary>Where the arguments come from, by the callee's parameters.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Delegates among the arguments.</summary>
    public ImmutableArray<(IParameterSymbol Parameter, DelegateSet Delegates)> DelegateArguments { get; init; } = [];

    /// <summary>What is called, or escapes.</summary>
    public DelegateSet? Delegates { get; init; }

    /// <summary>The receiver's type as written, where the call is virtual; null for a call that is not.</summary>
    public ITypeSymbol? VirtualOn { get; init; }

    /// <summary>The callee goes on by itself after its first await: nobody waits for it here.</summary>
    public bool IsDetached { get; init; }

    /// <summary>The callee, or the lambdas, run some time after the scopes of this function have ended.</summary>
    public bool IsDeferred { get; init; }

    /// <summary>A C# lock or a user's own guards it, or it is written by one atomic instruction.</summary>
    public bool IsOwned { get; init; }

    /// <summary>A word for people, where the symbol does not say it.</summary>
    public string? Text { get; init; }
}

/// <summary>What a delegate may be.</summary>
internal sealed class DelegateSet
{
    /// <summary>Lambdas and local functions of this body.</summary>
    public List<Function> Lambdas { get; } = [];

    /// <summary>Methods, with the origin of the receiver.</summary>
    public List<(IMethodSymbol Method, char Receiver, ITypeSymbol? VirtualOn)> Methods { get; } = [];

    /// <summary>Parameters of the functions around, by slot.</summary>
    public List<(int Slot, IParameterSymbol Parameter)> Parameters { get; } = [];

    /// <summary>Fields, properties, events.</summary>
    public List<ISymbol> Members { get; } = [];

    /// <summary>Variables, each with all that is ever assigned to it.</summary>
    public List<(string Name, DelegateSet Assigned)> Variables { get; } = [];

    /// <summary>What else it may be, in words; null where the rest is complete.</summary>
    public string? Unknown { get; set; }

    /// <summary>The delegate's own type.</summary>
    public INamedTypeSymbol? Type { get; set; }

    public bool IsEmpty => Lambdas.Count + Methods.Count + Parameters.Count + Members.Count + Variables.Count == 0 && Unknown is null;

    public void Add(DelegateSet other)
    {
        if (ReferenceEquals(this, other))
            return;
        Lambdas.AddRange(other.Lambdas.Where(lambda => !Lambdas.Contains(lambda)));
        Methods.AddRange(other.Methods.Where(method => !Methods.Contains(method)));
        Parameters.AddRange(other.Parameters.Where(parameter => !Parameters.Contains(parameter)));
        Members.AddRange(other.Members.Where(member => !Members.Contains(member, SymbolEqualityComparer.Default)));
        Variables.AddRange(other.Variables.Where(variable => !Variables.Contains(variable)));
        Unknown ??= other.Unknown;
        Type ??= other.Type;
    }
}
