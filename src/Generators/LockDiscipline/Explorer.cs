using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>
/// Follows the calls from one root, breadth first, so that the first way found is a shortest one. What leaves the root's locks behind (work
/// posted, lambdas stored) is handed back, to be followed on its own.
/// </summary>
internal sealed class Explorer(LockProgram program, Implementations implementations, OrderGraph order, CancellationToken cancellation)
{
    // A closure that catches closures without end is not followed to the end.
    private const int MaxClosureDepth = 4;

    // Variables and members that are assigned from each other.
    private const int MaxDepth = 6;

    private readonly HashSet<(Function, Context)> _seen = [];
    private readonly Queue<Node> _pending = new();

    public List<Finding> Findings { get; } = [];

    public List<UnknownEdge> Unknowns { get; } = [];

    /// <summary>What runs some time, under locks of its own or none.</summary>
    public List<Node> Left { get; } = [];

    /// <summary>Functions reached.</summary>
    public HashSet<Function> Reached { get; } = [];

    /// <summary>What locks cover and was reached, each with the shortest way there.</summary>
    public Dictionary<(string Kind, string Member, string Lock), Node> Touched { get; } = [];

    /// <summary>Escapes that had something to excuse.</summary>
    public HashSet<ISymbol> Used { get; } = new(SymbolEqualityComparer.Default);

    public bool HasEscaped => Used.Count > 0;

    /// <summary>Whether to end where the lock first proves insufficient: what is nearer has been seen by then.</summary>
    public bool StopsWhereInsufficient { get; init; }

    public void Run(Node root)
    {
        Enter(root.Function, root.Context, root.From, root.Via);
        while (_pending.Count > 0 && !(StopsWhereInsufficient && Findings.Exists(finding => finding.IsInsufficient)))
        {
            cancellation.ThrowIfCancellationRequested();
            Node node = _pending.Dequeue();
            Reached.Add(node.Function);
            foreach (Event found in node.Function.Events)
                Process(node, found);
        }
    }

    private void Enter(Function function, Context context, Node? from, Event? via)
    {
        if (program.Facts.ContractOf(function.Symbol).Ignore is not null && context.Ignored is null && function.Symbol is IMethodSymbol)
            context = context.Under(function.Symbol);
        if (_seen.Add((function, context)))
            _pending.Enqueue(new Node(function, context, from, via));
    }

    private void Process(Node node, Event at)
    {
        Context context = node.Context;
        Held held = context.Held;
        Held perhaps = held;
        bool byHand = false;
        foreach (LocalHold hold in at.Holds)
        {
            LockAtom atom = hold.Maker is { } maker ? program.Find(maker)?.Returned ?? new LockAtom(LockWord.Unlocked) : hold.Atom;
            perhaps = perhaps.With(atom);
            byHand |= atom.IsWord;
            if (hold.IsCertain)
                held = held.With(atom);
        }
        if ((at.Gate == Gate.OnlyLocked && perhaps.Word == LockWord.Unlocked) || (at.Gate == Gate.OnlyUnlocked && held.Word != LockWord.Unlocked))
            return;
        switch (at.Kind)
        {
            case EventKind.Access:
                ProcessAccess(node, at, held, byHand);
                break;
            case EventKind.Write:
                ProcessWrite(node, at, held);
                break;
            case EventKind.Call:
                ProcessCall(node, at, held, perhaps, byHand);
                break;
            case EventKind.Invoke:
                ProcessInvoke(node, at, held, perhaps);
                break;
            case EventKind.Escape:
                Contract contract = at.Delegates!.Type is { } type ? program.Facts.ContractOf(type) : Contract.None;
                foreach (Closure closure in Resolve(at.Delegates, node, at: null))
                    Leave(closure, contract, node, at);
                break;
            case EventKind.Acquire:
                ProcessAcquire(node, at, perhaps);
                break;
            case EventKind.Await:
                if (held.Word == LockWord.Rtnl)
                    Report(DiagnosticIds.RTNL106WaitsUnderRtnl, at, node, "await", "Rtnl", held);
                else if (at.Holds.Any(hold => hold.CrossesAwaits || hold.IsCertain))
                    Report(DiagnosticIds.RTNL106WaitsUnderRtnl, at, node, "await inside a scope taken by hand", perhaps.ToString(), perhaps);
                break;
            case EventKind.Block:
                if (held.Word != LockWord.Unlocked)
                    Report(DiagnosticIds.RTNL106WaitsUnderRtnl, at, node, Function.NameOf(at.Symbol!), held.Word.ToString(), held);
                break;
            case EventKind.LeaveOwner:
                if (!held.IsNothing)
                    Report(DiagnosticIds.RTNL106WaitsUnderRtnl, at, node, at.Symbol!.Name == "ConfigureAwait" ? "ConfigureAwait(false)" : Function.NameOf(at.Symbol), held.ToString(), held);
                break;
            case EventKind.AcrossYield:
                if (context.IsDump && held.Word != LockWord.Unlocked)
                    Report(DiagnosticIds.RTNL101GuardedStateUnderAWeakerLock, at, node, $"{Function.NameOf(at.Symbol!)}, walked across a yield,", at.Atom.ToString(), "nothing between two chunks");
                break;
            case EventKind.Unknown:
                NoteUnknown(at, node, at.Text!, "put [RequiresLock] or [LockDisciplineIgnore] on the method that does it");
                break;
        }
    }

    private void ProcessAccess(Node node, Event at, Held held, bool byHand)
    {
        char receiver = Origin.Resolve(at.Receiver, node.Context.Origins);
        // Nobody else can see what is being made, a type no less than an object.
        if (receiver == Origin.Fresh || (IsTypeInitialiser(node.Function.Outermost.Symbol) && at.Symbol!.IsStatic && SymbolEqualityComparer.Default.Equals(at.Symbol.ContainingType, node.Function.Outermost.Symbol.ContainingType)))
            return;
        bool isEnough = at.Atom.Custom is not null ? held.Covers(at.Atom)
            : at.Atom.Word == LockWord.Rtnl && at.IsWrite ? held.Word == LockWord.Rtnl
            : held.Word != LockWord.Unlocked;
        string name = Function.NameOf(at.Symbol!);
        Touch(at.IsWrite ? "Writes" : "Reads", name, at.Atom, node);
        if (!isEnough)
        {
            if (IsExcused(at.Symbol!))
                return;
            string wanted = at.Atom.Word == LockWord.Rtnl && at.IsWrite && held.Word == LockWord.PerNet ? "Rtnl, and written," : at.Atom.ToString();
            string needed = at.Atom.Word == LockWord.Rtnl && !at.IsWrite ? nameof(LockWord.PerNet) : at.Atom.ToString();
            Report(DiagnosticIds.RTNL101GuardedStateUnderAWeakerLock, at, node, name, wanted, held.ToString(), needed);
        }
        else if (at.Atom.Custom is null && receiver == Origin.Foreign)
        {
            CheckForeign(node, at, held, byHand, name);
        }
    }

    private static bool IsTypeInitialiser(ISymbol symbol) => symbol is IMethodSymbol { MethodKind: MethodKind.StaticConstructor } or IFieldSymbol or IPropertySymbol;

    private void CheckForeign(Node node, Event at, Held held, bool byHand, string name)
    {
        if (held.Word == LockWord.PerNet && node.Context.KnowsNet && !byHand)
            Report(DiagnosticIds.RTNL105AnotherNamespace, at, node, name, "its namespace", held);
    }

    private void ProcessWrite(Node node, Event at, Held held)
    {
        if (at.IsOwned || node.Context.Runner != Runner.Handler || !held.Customs.IsEmpty || held.Word == LockWord.Rtnl)
            return;
        char receiver = Origin.Resolve(at.Receiver, node.Context.Origins);
        if (receiver == Origin.Fresh || IsExcused(at.Symbol!))
            return;
        string name = Function.NameOf(at.Symbol!);
        const string Remedy = "say by [GuardedBy] what guards it";
        if (!at.IsWrite)
        {
            if (receiver == Origin.Shared && program.IsWritten(at.Symbol!))
                NoteUnknown(at, node, $"'{name}' is read, and written elsewhere", Remedy);
        }
        else if (held.Word == LockWord.Unlocked && (receiver is Origin.Shared or Origin.Own or Origin.Foreign))
        {
            Report(DiagnosticIds.RTNL103UnlockedWrites, at, node, $"writes '{name}', which has no lock class of its own", "PerNet", held);
        }
        else if (receiver is not (Origin.Own or Origin.Foreign))
        {
            string reach = receiver == Origin.Shared ? "every request can reach it" : "who else can reach it is not known";
            NoteUnknown(at, node, $"'{name}' is written, and {reach}", Remedy);
        }
    }

    private void ProcessAcquire(Node node, Event at, Held perhaps)
    {
        string name = at.Atom.ToString();
        if (at.Atom.IsWord)
        {
            if (perhaps.Word != LockWord.Unlocked)
                Report(DiagnosticIds.RTNL104AcquiredAgain, at, node, name, $"{perhaps.Word} is held already", perhaps);
            else if (node.Context.Runner == Runner.Handler)
                Report(DiagnosticIds.RTNL104AcquiredAgain, at, node, name, "an Unlocked handler reads a snapshot, inside which no namespace can be locked", perhaps);
        }
        // Two that are only known to be locks may be of two classes.
        else if (at.Atom.Custom is { } custom && perhaps.Customs.Contains(custom, SymbolEqualityComparer.Default) && !HasOrder(custom) && !KnownNames.Is(custom, "LockClass"))
        {
            Report(DiagnosticIds.RTNL104AcquiredAgain, at, node, name, $"a {custom.Name} is held already, and the class declares no order among its own", perhaps);
        }
        IEnumerable<LockAtom> above = perhaps.Customs.Select(type => new LockAtom(LockWord.Unlocked, type));
        if (perhaps.Word != LockWord.Unlocked)
            above = above.Append(new LockAtom(perhaps.Word));
        foreach (LockAtom over in above)
        {
            if (!over.Equals(at.Atom) && order.Path(at.Atom, over) is { } path && !(at.Atom.IsWord && over.IsWord))
                Report(DiagnosticIds.RTNL104AcquiredAgain, at, node, name, $"{over} is held, and the declared order is {string.Join(" before ", path)}", perhaps);
        }
    }

    private static bool HasOrder(INamedTypeSymbol custom)
    {
        for (INamedTypeSymbol? type = custom; type is not null && !KnownNames.Is(type, "LockClass"); type = type.BaseType)
        {
            if (!type.GetMembers("CompareOrder").IsEmpty)
                return true;
        }
        return false;
    }

    private void ProcessCall(Node node, Event at, Held held, Held perhaps, bool byHand)
    {
        var method = (IMethodSymbol)at.Symbol!;
        Contract contract = program.Facts.ContractOf(method);
        bool isSatisfied = CheckContract(contract, method, at, node, held, perhaps, byHand);
        SymbolFacts.AssemblyKind kind = program.Facts.KindOf(method);
        List<(Function Function, Contract Contract)> targets = Targets(method, at.VirtualOn);
        if (targets.Count == 0 && !contract.IsAnnotated)
        {
            if (kind == SymbolFacts.AssemblyKind.Own && method.IsAbstract)
                NoteUnknown(at, node, $"'{Function.NameOf(method)}' has no implementation here", "put [RequiresLock(…)] on it; Unlocked says that it needs nothing");
            else if (kind == SymbolFacts.AssemblyKind.Own && program.Facts.IsWrittenElsewhere(method))
                NoteUnknown(at, node, $"'{Function.NameOf(method)}' is generated, and not followed", "put [RequiresLock(…)] on it; Unlocked says that it needs nothing");
            else if (kind == SymbolFacts.AssemblyKind.Knowing && !IsPlainData(method))
                NoteUnknown(at, node, $"'{Function.NameOf(method)}' of {method.ContainingAssembly?.Name} does not say what it needs", "put [RequiresLock(…)] on it, its type or its assembly; Unlocked says that it needs nothing");
        }
        foreach ((Function function, Contract own) in targets)
        {
            if (!ReferenceEquals(own, contract) && !SymbolEqualityComparer.Default.Equals(function.Symbol, method))
                isSatisfied &= CheckContract(own, (function.Symbol as IMethodSymbol) ?? method, at, node, held, perhaps, byHand, alreadyAsked: contract);
            // Inside, the contract counts as kept: what it asks for in vain has been reported here.
            Held inside = at.IsDeferred ? node.Context.Held : held;
            foreach (LockAtom atom in own.Requires)
                inside = inside.With(atom);
            Context context = at.IsDetached && function.IsAsync
                ? node.Context.WithRunner(Runner.Free, Held.Nothing)
                : node.Context.With(inside).KnowingNet(node.Context.KnowsNet && !byHand);
            Enter(function, context.WithFrame(Frame(function, at, node), Bind(function, at, node)), node, at);
        }
        if (method.MethodKind == MethodKind.Constructor)
            EnterConstruction(method, at, node, held);
        FollowArguments(method, at, node, held, isExternal: kind != SymbolFacts.AssemblyKind.Own || targets.Count == 0);
    }

    /// <summary>A constructor runs its type's initialisers, and those of the types below.</summary>
    private void EnterConstruction(IMethodSymbol constructor, Event at, Node node, Held held)
    {
        for (INamedTypeSymbol? type = constructor.ContainingType; type is not null; type = type.BaseType?.OriginalDefinition)
        {
            if (program.Facts.KindOf(type) != SymbolFacts.AssemblyKind.Own)
                return;
            Context context = node.Context.With(held).WithFrame(Origin.Fresh.ToString(), []);
            if (program.Find(type) is { } initialisers)
                Enter(initialisers, context, node, at);
            if (SymbolEqualityComparer.Default.Equals(type, constructor.ContainingType))
                continue;
            foreach (IMethodSymbol plain in type.InstanceConstructors)
            {
                if (plain.Parameters.IsEmpty && program.Find(plain) is { } function)
                    Enter(function, context, node, at);
            }
        }
    }

    private void FollowArguments(IMethodSymbol method, Event at, Node node, Held held, bool isExternal)
    {
        foreach ((IParameterSymbol parameter, DelegateSet delegates) in at.DelegateArguments)
        {
            Contract contract = program.Facts.ContractOf(parameter);
            if (!contract.IsAnnotated && parameter.Type is INamedTypeSymbol type)
                contract = program.Facts.ContractOf(type.OriginalDefinition);
            // Taken as a value of whatever type, it is kept like one: in a list, in an object.
            bool isKept = parameter.Type.TypeKind != TypeKind.Delegate;
            if (isKept && delegates.Type is { } own)
                contract = program.Facts.ContractOf(own.OriginalDefinition);
            bool runsLater = contract.IsAnnotated || isKept || (isExternal && Schedules(method));
            if (!runsLater && !isExternal)
                continue;
            foreach (Closure closure in Resolve(delegates, node, at))
            {
                if (runsLater)
                    Leave(closure, contract, node, at);
                else
                    Follow(closure, node.Context.With(at.IsDeferred ? node.Context.Held : held), node, at, arguments: "");
            }
        }
    }

    private void ProcessInvoke(Node node, Event at, Held held, Held perhaps)
    {
        DelegateSet delegates = at.Delegates!;
        Contract contract = Contract.None;
        foreach ((_, IParameterSymbol parameter) in delegates.Parameters)
            contract = contract.IsAnnotated ? contract : program.Facts.ContractOf(parameter);
        if (!contract.IsAnnotated && at.Symbol is INamedTypeSymbol type)
            contract = program.Facts.ContractOf(type.OriginalDefinition);
        CheckContract(contract, at.Symbol!, at, node, held, perhaps, byHand: false);
        foreach (Closure closure in Resolve(delegates, node, contract.IsAnnotated ? null : at))
            Follow(closure, at.IsDetached ? node.Context.WithRunner(Runner.Free, Held.Nothing) : node.Context.With(held), node, at, at.Arguments);
    }

    /// <summary>Whether what a contract asks for is held, and what it forbids is not.</summary>
    private bool CheckContract(Contract contract, ISymbol member, Event at, Node node, Held held, Held perhaps, bool byHand, Contract? alreadyAsked = null)
    {
        bool isSatisfied = true;
        IEnumerable<LockAtom> requires = contract.Requires;
        if (at is { Kind: EventKind.Call, Atom.IsWord: true } && alreadyAsked is null)
            requires = requires.Append(at.Atom);
        foreach (LockAtom general in requires)
        {
            LockAtom atom = KnownNames.Is(general.Custom, "LockClass") ? at.Atom : general;
            if (alreadyAsked is not null && alreadyAsked.Requires.Contains(atom))
                continue;
            if (atom.IsNothing)
                continue;
            string name = Function.NameOf(member);
            Touch("Calls", name, atom, node);
            if (!held.Covers(atom))
            {
                isSatisfied = false;
                bool writes = node.Context.Runner == Runner.Handler && held.Word == LockWord.Unlocked && member.ContainingAssembly?.Name == KnownNames.Namespace
                    && member.Name is "Stage" or "Notify" or "Announce" or "Replace" && KnownNames.IsFrameworkNamespace(member.ContainingNamespace);
                if (writes)
                    Report(DiagnosticIds.RTNL103UnlockedWrites, at, node, $"calls '{name}'", atom.ToString(), held);
                else
                    Report(DiagnosticIds.RTNL102CalledWithoutTheLock, at, node, name, atom.ToString(), held);
            }
            else if (atom.Custom is null && Origin.Resolve(at.Net, node.Context.Origins) == Origin.Foreign)
            {
                CheckForeign(node, at, held, byHand, name);
            }
        }
        foreach (LockAtom atom in contract.Excludes)
        {
            bool isHeld = atom.Custom is not null ? perhaps.Covers(atom) : perhaps.Word <= atom.Word && perhaps.Word != LockWord.Unlocked;
            if (isHeld)
                Report(DiagnosticIds.RTNL109ReachedWithTheLockHeld, at, node, Function.NameOf(member), atom.ToString(), perhaps);
        }
        return isSatisfied;
    }

    /// <summary>The bodies that a call may run.</summary>
    private List<(Function Function, Contract Contract)> Targets(IMethodSymbol method, ITypeSymbol? virtualOn)
    {
        var targets = new List<(Function, Contract)>();
        Add(method);
        if (virtualOn is not null && !virtualOn.IsSealed)
        {
            foreach (IMethodSymbol implementation in implementations.Of(method, virtualOn))
                Add(implementation);
        }
        else if (virtualOn is not null)
        {
            foreach (IMethodSymbol implementation in implementations.Of(method, virtualOn).Where(found => SymbolEqualityComparer.Default.Equals(found.ContainingType.OriginalDefinition, virtualOn.OriginalDefinition)))
                Add(implementation);
        }
        return targets;

        void Add(IMethodSymbol found)
        {
            Function? function = program.Find(found);
            if (function is null && found is { ContainingType.IsExtension: false, IsStatic: true } && implementations.ExtensionOf(found) is { } extension)
                function = program.Find(extension);
            if (function is not null)
                targets.Add((function, program.Facts.ContractOf(found)));
        }
    }

    /// <summary>Reads and makes plain data; no code of anybody's runs.</summary>
    private static bool IsPlainData(IMethodSymbol method) =>
        method.ContainingType is { TypeKind: TypeKind.Enum } or { TypeKind: TypeKind.Delegate } || method.MethodKind == MethodKind.DelegateInvoke;

    private static bool Schedules(IMethodSymbol method)
    {
        string space = method.ContainingNamespace?.ToDisplayString() ?? "";
        string type = method.ContainingType?.Name ?? "";
        if (space.StartsWith("System.Threading", StringComparison.Ordinal))
            return (type, method.Name) is not (("LazyInitializer", _) or ("ExecutionContext", "Run") or ("SynchronizationContext", "Send") or ("SpinWait", _));
        if (space.StartsWith("Microsoft.Extensions", StringComparison.Ordinal) || space.StartsWith("System.Timers", StringComparison.Ordinal))
            return true;
        if (method.MethodKind is MethodKind.Constructor or MethodKind.EventAdd or MethodKind.PropertySet)
            return true;
        return type is "TimeProvider" or "AppDomain" || method.Name is "CreateTimer" or "ContinueWith" or "RegisterForDispose" or "OnCompleted" or "UnsafeOnCompleted";
    }

    private static string Frame(Function function, Event at, Node node)
    {
        if (function.Outer is not null)
            return NestedFrame(function, node.Context, at.Arguments, node);
        char[] slots = new char[function.SlotCount];
        slots[0] = function.Symbol is IMethodSymbol { IsStatic: true } ? Origin.Unknown : Origin.Resolve(at.Receiver, node.Context.Origins);
        for (int i = 1; i < slots.Length; i++)
            slots[i] = i - 1 < at.Arguments.Length ? Origin.Resolve(at.Arguments[i - 1], node.Context.Origins) : Origin.Unknown;
        return new string(slots);
    }

    /// <summary>The frame of a lambda or local function: the slots around it, then its own.</summary>
    private static string NestedFrame(Function function, Context around, string arguments, Node? caller)
    {
        string outer = around.Origins.Length >= function.FirstSlot
            ? around.Origins.Substring(0, function.FirstSlot)
            : around.Origins.PadRight(function.FirstSlot, Origin.Unknown);
        char[] own = new char[function.Parameters.Length];
        for (int i = 0; i < own.Length; i++)
            own[i] = i < arguments.Length ? Origin.Resolve(arguments[i], caller?.Context.Origins ?? "") : Origin.Unknown;
        return outer + new string(own);
    }

    private ImmutableArray<(int, ImmutableArray<Closure>)> Bind(Function function, Event at, Node node)
    {
        if (at.DelegateArguments.IsEmpty)
            return function.Outer is null ? [] : node.Context.Bindings.RemoveAll(binding => binding.Slot >= function.FirstSlot);
        var bindings = ImmutableArray.CreateBuilder<(int, ImmutableArray<Closure>)>();
        if (function.Outer is not null)
            bindings.AddRange(node.Context.Bindings.Where(binding => binding.Slot < function.FirstSlot));
        foreach ((IParameterSymbol parameter, DelegateSet delegates) in at.DelegateArguments)
        {
            // What is not known of it is noted here; what is known is followed there.
            ImmutableArray<Closure> closures = Resolve(delegates, node, IsContracted(parameter) ? null : at);
            if (closures.All(closure => closure.Depth <= MaxClosureDepth))
                bindings.Add((function.FirstSlot + parameter.Ordinal, closures));
        }
        return bindings.ToImmutable();
    }

    private bool IsContracted(IParameterSymbol parameter) =>
        program.Facts.ContractOf(parameter).IsAnnotated || (parameter.Type is INamedTypeSymbol type && program.Facts.ContractOf(type.OriginalDefinition).IsAnnotated);

    /// <summary>What a delegate is here. Where that is not known altogether, and <paramref name="at"/> is given, it is noted there.</summary>
    private ImmutableArray<Closure> Resolve(DelegateSet delegates, Node node, Event? at)
    {
        var closures = ImmutableArray.CreateBuilder<Closure>();
        string? unknown = delegates.Unknown;
        Add(delegates, node.Context, depth: 0);
        if (unknown is not null && at is not null)
            NoteUnknown(at, node, $"{unknown} may be anything", "put [RequiresLock(…)] on the delegate's type or on the parameter; Unlocked says that it needs nothing");
        return closures.ToImmutable();

        void Add(DelegateSet set, Context? frame, int depth)
        {
            unknown ??= set.Unknown;
            foreach (Function lambda in set.Lambdas)
                closures.Add(new Closure(lambda, null, Origin.Unknown, null, frame));
            foreach ((IMethodSymbol method, char receiver, ITypeSymbol? virtualOn) in set.Methods)
                closures.Add(new Closure(null, method, frame is null ? Origin.Unknown : Origin.Resolve(receiver, frame.Origins), virtualOn, null));
            foreach ((int slot, IParameterSymbol parameter) in set.Parameters)
            {
                if (frame?.Bound(slot) is { } bound)
                    closures.AddRange(bound);
                else
                    unknown ??= $"the delegate '{parameter.Name}'";
            }
            foreach ((string name, DelegateSet assigned) in set.Variables)
            {
                if (assigned.IsEmpty)
                    unknown ??= $"the delegate '{name}'";
                else if (depth < MaxDepth)
                    Add(assigned, frame, depth + 1);
                else
                    unknown ??= $"the delegate '{name}'";
            }
            foreach (ISymbol member in set.Members)
            {
                // The delegates of a member that only this assembly can set are all known.
                DelegateSet? known = program.MemberDelegates(member);
                if (program.Facts.KindOf(member) != SymbolFacts.AssemblyKind.Own || (SymbolFacts.IsOpen(member) && IsSettable(member)))
                    unknown ??= $"the delegate in '{Function.NameOf(member)}'";
                if (member is IPropertySymbol property && program.BackingField(property) is null)
                    unknown ??= $"what '{Function.NameOf(member)}' returns";
                // A record's positional property is set by a constructor that nobody has written: who calls it is not followed.
                if (member.DeclaringSyntaxReferences is [var place, ..] && place.GetSyntax(cancellation) is ParameterSyntax)
                    unknown ??= $"the delegate in '{Function.NameOf(member)}'";
                if (known is not null && depth < MaxDepth)
                    Add(known, null, depth + 1);
            }
        }
    }

    private static bool IsSettable(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol property => property.SetMethod is { DeclaredAccessibility: not Accessibility.Private },
        _ => true,
    };

    /// <summary>A delegate is called here.</summary>
    private void Follow(Closure closure, Context context, Node node, Event at, string arguments)
    {
        if (closure.Lambda is { } lambda)
        {
            Contract own = program.Facts.ContractOf(lambda.Symbol);
            CheckContract(own, lambda.Symbol, at, node, context.Held, context.Held, byHand: false);
            Held inside = context.Held;
            foreach (LockAtom atom in own.Requires)
                inside = inside.With(atom);
            Context caught = closure.Caught ?? context.WithFrame("", []);
            Enter(lambda, context.With(inside).WithFrame(NestedFrame(lambda, caught, arguments, node), [.. caught.Bindings.Where(binding => binding.Slot < lambda.FirstSlot)]), node, at);
        }
        else if (closure.Method is { } method)
        {
            var call = new Event(EventKind.Call, at.Syntax, [], Gate.Any) { Symbol = method, Receiver = closure.Receiver, VirtualOn = closure.VirtualOn, Arguments = arguments, Atom = new LockAtom(LockWord.Unlocked) };
            // The call is the delegate's; its holds are those of the place where it is called.
            var here = new Node(node.Function, context.WithFrame(node.Context.Origins, node.Context.Bindings), node.From, node.Via);
            ProcessCall(here, call, context.Held, context.Held, byHand: false);
        }
    }

    /// <summary>A delegate runs some time, under what its contract grants.</summary>
    private void Leave(Closure closure, Contract contract, Node node, Event at)
    {
        Held granted = contract.Granted;
        Context context = node.Context.WithRunner(granted.IsNothing ? Runner.Free : Runner.Contract, granted);
        if (closure.Lambda is { } lambda)
        {
            foreach (LockAtom atom in program.Facts.ContractOf(lambda.Symbol).Requires)
                context = context.With(context.Held.With(atom)).WithRunner(Runner.Contract, context.Held.With(atom));
            Context caught = closure.Caught ?? context.WithFrame("", []);
            // What was being made when the lambda was is made by the time it runs.
            context = context.WithFrame(NestedFrame(lambda, caught, "", node).Replace(Origin.Fresh, Origin.Unknown), [.. caught.Bindings.Where(binding => binding.Slot < lambda.FirstSlot)]);
            Left.Add(new Node(lambda, context, node, at));
        }
        else if (closure.Method is { } method)
        {
            foreach ((Function function, Contract own) in Targets(method, closure.VirtualOn))
            {
                CheckContract(own, method, at, new Node(node.Function, context.WithFrame(node.Context.Origins, []), node.From, node.Via), granted, granted, byHand: false);
                Held inside = granted;
                foreach (LockAtom atom in own.Requires)
                    inside = inside.With(atom);
                Left.Add(new Node(function, context.With(inside).WithFrame(closure.Receiver.ToString().PadRight(function.SlotCount, Origin.Unknown), []), node, at));
            }
        }
    }

    /// <summary>A field or property that carries an escape of its own.</summary>
    private bool IsExcused(ISymbol member)
    {
        if (member is not (IFieldSymbol or IPropertySymbol or IEventSymbol) || program.Facts.ContractOf(member).Ignore is null)
            return false;
        Used.Add(SymbolFacts.Normal(member));
        return true;
    }

    private void Touch(string kind, string member, LockAtom atom, Node node)
    {
        (string, string, string) key = (kind, member, atom.ToString());
        if (!Touched.TryGetValue(key, out Node? known) || node.Depth < known.Depth)
            Touched[key] = node;
    }

    private void Report(string id, Event at, Node node, string what, string wanted, Held held) => Report(id, at, node, what, wanted, held.ToString());

    private void Report(string id, Event at, Node node, string what, string wanted, string held, string? needed = null)
    {
        if (node.Context.Ignored is { } ignored)
        {
            Used.Add(SymbolFacts.Normal(ignored));
            return;
        }
        Findings.Add(new Finding(id, at, node, what, wanted, held) { Needed = needed ?? wanted });
    }

    private void NoteUnknown(Event at, Node node, string what, string remedy)
    {
        if (node.Context.Ignored is { } ignored)
        {
            Used.Add(SymbolFacts.Normal(ignored));
            return;
        }
        Unknowns.Add(new UnknownEdge(at, node, what, remedy));
    }
}
