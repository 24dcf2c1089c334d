using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>What is known of a handler's word.</summary>
internal enum WordVerdict
{
    /// <summary>Every call was followed, and everything touched is covered.</summary>
    Proven = 0,

    /// <summary>Something touched is not covered.</summary>
    Refused = 1,

    /// <summary>Something could not be followed, or an escape stands in between.</summary>
    Unknown = 2,
}

/// <summary>What the audit says of one handler.</summary>
internal sealed class HandlerJudgement(HandlerModel model, IMethodSymbol method)
{
    public HandlerModel Model { get; } = model;

    public IMethodSymbol Method { get; } = method;

    public WordVerdict Verdict { get; set; }

    /// <summary>The word that its attribute names; with a fallback, the fallback.</summary>
    public LockWord Word => Model.Fallback ?? Model.Word;

    /// <summary>The weakest word that suffices; of a handler that is not proven, its own.</summary>
    public LockWord Weakest { get; set; } = model.Fallback ?? model.Word;

    /// <summary>What keeps it from the next weaker word, as a call path; null where there is none.</summary>
    public string? Blocker { get; set; }

    public ImmutableArray<Location> BlockerPath { get; set; } = [];

    public List<UnknownEdge> Unknowns { get; } = [];

    /// <summary>Escapes that it goes through.</summary>
    public int Escapes { get; set; }

    /// <summary>What it reaches of what locks cover, in each of its runs.</summary>
    public List<KeyValuePair<(string Kind, string Member, string Lock), Node>> Touched { get; } = [];

    public string Name => $"{Model.ClassName}.{Model.Method}";
}

/// <summary>
/// Puts the bodies of a compilation together: judges every handler, and everything else that runs, and finds each handler's weakest word. The
/// analyzer reports what this finds, and the generator writes it down.
/// </summary>
internal sealed class LockAudit
{
    private readonly LockProgram _program;
    private readonly Implementations _implementations;
    private readonly CancellationToken _cancellation;
    private readonly HashSet<(Function, Context)> _left = [];
    private readonly Queue<Node> _leftPending = new();
    private readonly HashSet<ISymbol> _handlers = new(SymbolEqualityComparer.Default);
    private readonly HashSet<Function> _reached = [];
    private readonly HashSet<ISymbol> _used = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<(string Id, SyntaxNode At, string What), Finding> _findings = [];

    private LockAudit(LockProgram program, Implementations implementations, CancellationToken cancellation)
    {
        _program = program;
        _cancellation = cancellation;
        _implementations = implementations;
        Order = new OrderGraph(_implementations.Types.Concat(Referenced(program)));
    }

    public OrderGraph Order { get; }

    public IReadOnlyList<INamedTypeSymbol> Types => _implementations.Types;

    public List<HandlerJudgement> Handlers { get; } = [];

    /// <summary>Rules broken, each place once, by the shortest way there.</summary>
    public IEnumerable<Finding> Findings => _findings.Values;

    /// <summary>Escapes: the member, its attribute, and whether anything was left to excuse.</summary>
    public List<(ISymbol Member, AttributeData Attribute, bool IsNeeded)> Escapes { get; } = [];

    public static LockAudit Run(LockProgram program, CancellationToken cancellation)
    {
        var audit = new LockAudit(program, new Implementations(program.Compilation), cancellation);
        audit.JudgeHandlers();
        audit.JudgeTheRest();
        audit.FindEscapes();
        return audit;
    }

    /// <summary>Judges the handlers alone, and walks no more of a compilation than they reach.</summary>
    public static LockAudit OfHandlers(Compilation compilation, CancellationToken cancellation)
    {
        var program = new LockProgram(compilation);
        return OfHandlers(program, new BodySource(program, cancellation), new Implementations(compilation), cancellation);
    }

    /// <inheritdoc cref="OfHandlers(Compilation, CancellationToken)"/>
    public static LockAudit OfHandlers(LockProgram program, BodySource bodies, Implementations implementations, CancellationToken cancellation)
    {
        IEnumerable<IMethodSymbol> handlers = implementations.Types
            .SelectMany(type => type.GetMembers())
            .OfType<IMethodSymbol>()
            .Where(method => method.MethodKind == MethodKind.Ordinary
                && (KnownNames.Attribute(method, KnownNames.DoItAttribute) ?? KnownNames.Attribute(method, KnownNames.DumpItAttribute)) is not null);
        bodies.WalkFrom(handlers, implementations);
        var audit = new LockAudit(program, implementations, cancellation);
        audit.JudgeHandlers();
        return audit;
    }

    private static IEnumerable<INamedTypeSymbol> Referenced(LockProgram program) => program.Functions
        .SelectMany(function => function.Events)
        .Select(found => found.Atom.Custom)
        .Where(custom => custom is not null && program.Facts.KindOf(custom) == SymbolFacts.AssemblyKind.Knowing)
        .Select(custom => custom!)
        .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default);

    private void JudgeHandlers()
    {
        foreach (Function function in InOrder(_program.Functions))
        {
            if (function.Symbol is not IMethodSymbol method || method.MethodKind != MethodKind.Ordinary)
                continue;
            foreach (bool isDump in new[] { false, true })
            {
                if (KnownNames.Attribute(method, isDump ? KnownNames.DumpItAttribute : KnownNames.DoItAttribute) is not { } attribute)
                    continue;
                // One that cannot be called is another rule's business.
                _handlers.Add(SymbolFacts.Normal(method));
                if (HandlerParser.Parse(method, attribute, isDump, report: null) is { } model)
                    Handlers.Add(Judge(function, method, model));
            }
        }
    }

    private HandlerJudgement Judge(Function function, IMethodSymbol method, HandlerModel model)
    {
        var audit = new HandlerJudgement(model, method);
        Explorer actual = Explore(function, model, model.Word);
        Keep(actual);
        bool isRefused = actual.Findings.Any(finding => finding.IsInsufficient);
        audit.Unknowns.AddRange(actual.Unknowns);
        audit.Escapes = actual.Used.Count;
        audit.Touched.AddRange(actual.Touched);
        if (model.Fallback is { } fallback)
        {
            Explorer again = Explore(function, model, fallback);
            Keep(again);
            isRefused |= again.Findings.Any(finding => finding.IsInsufficient);
            audit.Unknowns.AddRange(again.Unknowns);
            audit.Escapes += again.Used.Count;
            audit.Touched.AddRange(again.Touched);
        }
        audit.Verdict = isRefused ? WordVerdict.Refused : audit.Unknowns.Count + audit.Escapes > 0 ? WordVerdict.Unknown : WordVerdict.Proven;
        if (isRefused)
            return audit;
        for (LockWord weaker = audit.Word + 1; weaker <= LockWord.Unlocked; weaker++)
        {
            // With a fallback only the second run is in question; the first is Unlocked as it is.
            if (model.Fallback is not null && weaker == LockWord.Unlocked)
                break;
            if (Blocks(Explore(function, model, weaker, stopsWhereInsufficient: true), audit, model, weaker))
                break;
            audit.Weakest = weaker;
        }
        return audit;
    }

    private static bool Blocks(Explorer found, HandlerJudgement audit, HandlerModel model, LockWord weaker)
    {
        if (found.Findings.Where(finding => finding.IsInsufficient).OrderBy(finding => finding.Node.Depth).FirstOrDefault() is { } first)
        {
            audit.Blocker = $"{first.Node.Path(null)} {Verb(first)}";
            audit.BlockerPath = first.Node.Hops().Add(first.At.Syntax.GetLocation());
            return true;
        }
        if (found.Unknowns.OrderBy(edge => edge.Node.Depth).FirstOrDefault() is { } unknown)
        {
            audit.Blocker = $"{unknown.Node.Path(null)}: {unknown.What}";
            audit.BlockerPath = unknown.Node.Hops().Add(unknown.At.Syntax.GetLocation());
            return true;
        }
        if (found.HasEscaped)
        {
            audit.Blocker = "an escape ([LockDisciplineIgnore]) on the way";
            return true;
        }
        if (weaker == LockWord.Unlocked && model.Resolve is { HasNetSet: true })
        {
            audit.Blocker = $"{model.Resolve.Method} names namespaces to be locked";
            return true;
        }
        return false;
    }

    private static string Verb(Finding finding) => finding.Id switch
    {
        DiagnosticIds.RTNL101GuardedStateUnderAWeakerLock => $"{(finding.At.IsWrite ? "writes" : "touches")} {finding.What}, guarded by {finding.At.Atom}",
        DiagnosticIds.RTNL102CalledWithoutTheLock => $"calls {finding.What}, which requires {finding.Wanted}",
        _ => finding.What,
    };

    private Explorer Explore(Function function, HandlerModel model, LockWord word, bool stopsWhereInsufficient = false)
    {
        var explorer = new Explorer(_program, _implementations, Order, _cancellation) { StopsWhereInsufficient = stopsWhereInsufficient };
        char[] slots = Enumerable.Repeat(Origin.Unknown, function.SlotCount).ToArray();
        slots[0] = Origin.Shared;
        if (slots.Length > 1)
            slots[1] = Origin.Own;
        // Namespaces that a resolve method has found, but not named to be locked, are others'.
        if (slots.Length > 2 && model.Resolve is { HasNetSet: false } && function.Parameters[1].Type is { } plan && KnownNames.Is(plan, "Net"))
            slots[2] = Origin.Foreign;
        Context context = new Context(Runner.Handler, Held.Of(word)) { IsDump = model.Form == HandlerForm.EnumerableDump }
            .WithFrame(new string(slots), [])
            .KnowingNet(true);
        explorer.Run(new Node(function, context, null, null));
        return explorer;
    }

    /// <summary>What a run under the words that are declared has found is reported; what it left behind is followed.</summary>
    private void Keep(Explorer explorer)
    {
        foreach (Finding finding in explorer.Findings)
            Keep(finding);
        _reached.UnionWith(explorer.Reached);
        _used.UnionWith(explorer.Used);
        foreach (Node left in explorer.Left)
        {
            if (_left.Add((left.Function, left.Context)))
                _leftPending.Enqueue(left);
        }
    }

    private void Keep(Finding finding)
    {
        var key = (finding.Id, finding.At.Syntax, finding.What);
        if (!_findings.TryGetValue(key, out Finding? known) || finding.Node.Depth < known.Node.Depth)
            _findings[key] = finding;
    }

    private void JudgeTheRest()
    {
        FollowLeft();
        HashSet<ISymbol> called = Called();
        // What says what it needs is held to it, called or not; what nobody calls has nobody who holds a lock for it.
        var last = new List<Function>();
        foreach (Function function in InOrder(_program.Functions))
        {
            if (_handlers.Contains(SymbolFacts.Normal(function.Symbol)) || function.Outer is not null)
                continue;
            Contract contract = _program.Facts.ContractOf(function.Symbol);
            if (!contract.Requires.IsEmpty)
                RunRoot(function, new Context(Runner.Contract, contract.Granted));
            else if (contract.SaysNothingIsNeeded || IsEntry(function.Symbol))
                RunRoot(function, new Context(Runner.Free, Held.Nothing));
            else if (!called.Contains(SymbolFacts.Normal(function.Symbol)))
                last.Add(function);
        }
        foreach (Function function in last)
        {
            if (!_reached.Contains(function) && !IsCalledFromOutside(function.Symbol))
                RunRoot(function, new Context(Runner.Free, Held.Nothing));
        }
        FollowLeft();
        // Only what calls itself in a circle is left.
        foreach (Function function in InOrder(_program.Functions))
        {
            if (!_reached.Contains(function) && function.Outer is null && !IsCalledFromOutside(function.Symbol) && !IsContracted(function.Symbol))
                RunRoot(function, new Context(Runner.Free, Held.Nothing));
        }
        FollowLeft();
    }

    private bool IsContracted(ISymbol symbol) => _program.Facts.ContractOf(symbol).IsAnnotated;

    private void RunRoot(Function function, Context context)
    {
        bool isConstruction = function.Symbol is INamedTypeSymbol or IMethodSymbol { MethodKind: MethodKind.Constructor };
        char receiver = isConstruction ? Origin.Fresh : Origin.Unknown;
        Run(new Node(function, context.WithFrame(receiver.ToString().PadRight(function.SlotCount, Origin.Unknown), []), null, null));
    }

    private void Run(Node root)
    {
        var explorer = new Explorer(_program, _implementations, Order, _cancellation);
        explorer.Run(root);
        Keep(explorer);
    }

    private void FollowLeft()
    {
        while (_leftPending.Count > 0)
            Run(_leftPending.Dequeue());
    }

    /// <summary>Every member that some body calls or makes a delegate of, and what virtual calls may reach.</summary>
    private HashSet<ISymbol> Called()
    {
        var called = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (Function function in _program.AllFunctions)
        {
            foreach (Event found in function.Events)
            {
                if (found.Kind == EventKind.Call && found.Symbol is IMethodSymbol method && !SymbolEqualityComparer.Default.Equals(SymbolFacts.Normal(function.Symbol), method))
                {
                    called.Add(method);
                    if (found.VirtualOn is { } on)
                        called.UnionWith(_implementations.Of(method, on));
                    if (method.MethodKind == MethodKind.Constructor)
                        called.Add(method.ContainingType);
                }
                foreach ((_, DelegateSet delegates) in found.DelegateArguments)
                    called.UnionWith(delegates.Methods.Select(target => target.Method));
                if (found.Delegates is { } set)
                    called.UnionWith(set.Methods.Select(target => target.Method));
            }
        }
        return called;
    }

    /// <summary>Run by the platform, which holds nothing.</summary>
    private bool IsEntry(ISymbol symbol)
    {
        if (symbol is not IMethodSymbol method)
            return false;
        if (method.MethodKind == MethodKind.Destructor || SymbolEqualityComparer.Default.Equals(method, _program.Compilation.GetEntryPoint(_cancellation)))
            return true;
        if (IsResolve(method))
            return true;
        foreach (ISymbol above in SymbolFacts.Above(method))
        {
            if (above.ContainingType?.Name is "IHostedService" or "BackgroundService" or "IHostedLifecycleService" or "IThreadPoolWorkItem")
                return true;
        }
        return false;
    }

    private static bool IsResolve(IMethodSymbol method) => method.Parameters is [var request, ..] && KnownNames.Is(request.Type, "ResolveRequest");

    /// <summary>Overrides and implements something whose callers are not seen: they may hold anything, or nothing.</summary>
    private bool IsCalledFromOutside(ISymbol symbol) =>
        symbol is INamedTypeSymbol
        || SymbolFacts.Above(symbol).Any(above => _program.Facts.KindOf(above) != SymbolFacts.AssemblyKind.Own);

    private void FindEscapes()
    {
        foreach (INamedTypeSymbol type in _implementations.Types)
        {
            foreach (ISymbol member in type.GetMembers())
            {
                if (member is IMethodSymbol { AssociatedSymbol: not null } or INamedTypeSymbol)
                    continue;
                if (KnownNames.Attribute(member, "SmallRtnl.LockDisciplineIgnoreAttribute") is not { } attribute)
                    continue;
                ISymbol normal = SymbolFacts.Normal(member);
                bool isUsed = _used.Contains(normal) || AccessorsOf(member).Any(accessor => _used.Contains(SymbolFacts.Normal(accessor)));
                Escapes.Add((member, attribute, isUsed));
            }
        }
    }

    private static IEnumerable<ISymbol> AccessorsOf(ISymbol member) => member switch
    {
        IPropertySymbol property => new ISymbol?[] { property.GetMethod, property.SetMethod }.Where(accessor => accessor is not null).Select(accessor => accessor!),
        IEventSymbol raised => new ISymbol?[] { raised.AddMethod, raised.RemoveMethod }.Where(accessor => accessor is not null).Select(accessor => accessor!),
        _ => [],
    };

    /// <summary>By file and position, so that what is found first does not depend on threads.</summary>
    private static IEnumerable<Function> InOrder(IEnumerable<Function> functions) => functions
        .Select(function => (Function: function, Location: function.Symbol.Locations.FirstOrDefault()))
        .OrderBy(pair => pair.Location?.SourceTree?.FilePath ?? "", StringComparer.Ordinal)
        .ThenBy(pair => pair.Location?.SourceSpan.Start ?? 0)
        .Select(pair => pair.Function);
}
