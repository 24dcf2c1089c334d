using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SmallRtnl.Generators;

/// <summary>Calls, and the delegates that go with them.</summary>
internal sealed partial class BodyWalker
{
    private void VisitInvocation(IInvocationOperation call)
    {
        IMethodSymbol target = call.TargetMethod;
        if (target.MethodKind == MethodKind.DelegateInvoke)
        {
            VisitDelegateCall(call);
            return;
        }
        Visit(call.Instance);
        (string arguments, ImmutableArray<(IParameterSymbol, DelegateSet)> delegates) = VisitArguments(call.Arguments, target);
        if (target.MethodKind == MethodKind.LocalFunction)
        {
            // A local function's body may stand behind its use.
            _ = LocalFunctionOf(target);
        }
        Contract contract = _program.Facts.ContractOf(target);
        if (!contract.Requires.IsEmpty)
            _program.NoteLockCall(call);
        CheckNetOfObject(call, contract);
        foreach (LockAtom atom in contract.Acquires)
            Emit(Event(EventKind.Acquire, call.Syntax, target, Specific(atom, call)));
        EmitCall(
            target,
            call.Syntax,
            OriginOf(call.Instance, target.IsStatic),
            arguments,
            delegates,
            virtualOn: call.IsVirtual ? call.Instance?.Type ?? target.ContainingType : target is { IsStatic: true, IsAbstract: true } ? target.ContainingType : null,
            net: NetOf(call, contract),
            isDetached: IsDetached(call),
            isDeferred: IsDeferred(call),
            specific: SpecificRequirement(call, contract));
        if (contract.Acquires.IsEmpty && IsDispose(target) && Variable(call.Instance) is { } lease)
            _state = _state.Without(lease);
        EmitSpecials(call);
    }

    /// <summary>What a call needs beyond what its contract says in general: the lock at hand, the class of the event that it raises.</summary>
    private static LockAtom? SpecificRequirement(IInvocationOperation call, Contract contract)
    {
        foreach (LockAtom atom in contract.Requires)
        {
            if (KnownNames.Is(atom.Custom, "LockClass"))
                return Specific(atom, call);
        }
        if (call.TargetMethod.Name != "Raise" || !KnownNames.Is(call.TargetMethod.ContainingType, "NotifierChain"))
            return null;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Value.Type is not INamedTypeSymbol { TypeKind: TypeKind.Enum } events)
                continue;
            // An event that is not named here may be any of them.
            LockWord strongest = LockWord.Unlocked;
            foreach (ISymbol member in events.GetMembers())
            {
                bool isMeant = !argument.Value.ConstantValue.HasValue || (member is IFieldSymbol { HasConstantValue: true } field && Equals(field.ConstantValue, argument.Value.ConstantValue.Value));
                if (isMeant && KnownNames.Attribute(member, "SmallRtnl.LockClassAttribute") is { } attribute && SymbolFacts.ReadLock(attribute) is { IsWord: true } word && word.Word < strongest)
                    strongest = word.Word;
            }
            return new LockAtom(strongest);
        }
        return null;
    }

    private Event Event(EventKind kind, SyntaxNode syntax, ISymbol symbol, LockAtom atom) =>
        new(kind, NameIn(syntax), _state.Holds, _state.Gate) { Symbol = symbol, Atom = atom };

    private static bool IsDispose(IMethodSymbol method) => method is { Name: "Dispose", Parameters.IsEmpty: true };

    private void EmitCall(
        IMethodSymbol target,
        SyntaxNode syntax,
        char receiver,
        string arguments,
        ImmutableArray<(IParameterSymbol, DelegateSet)> delegates,
        ITypeSymbol? virtualOn = null,
        char net = Origin.Unknown,
        bool isDetached = false,
        bool isDeferred = false,
        LockAtom? specific = null)
    {
        SymbolFacts.AssemblyKind kind = _program.Facts.KindOf(target);
        // A guarded type's own methods touch what is guarded.
        if (kind != SymbolFacts.AssemblyKind.Transparent
            && target is { IsStatic: false, MethodKind: MethodKind.Ordinary }
            && _program.Facts.GuardOfType(target.ContainingType) is { } guard
            && !SymbolEqualityComparer.Default.Equals(target.ContainingType.OriginalDefinition, _function.Outermost.Symbol.ContainingType))
        {
            Emit(new Event(EventKind.Access, NameIn(syntax), _state.Holds, _state.Gate) { Symbol = target, Atom = guard, Receiver = receiver });
        }
        // Most calls go where nothing can come of it.
        if (kind == SymbolFacts.AssemblyKind.Transparent && delegates.IsEmpty && virtualOn is null)
            return;
        Emit(new Event(EventKind.Call, NameIn(syntax), _state.Holds, _state.Gate)
        {
            Symbol = SymbolFacts.Normal(target),
            Receiver = receiver,
            Net = net,
            Arguments = arguments,
            DelegateArguments = delegates,
            VirtualOn = virtualOn,
            IsDetached = isDetached,
            IsDeferred = isDeferred,
            Atom = specific ?? new LockAtom(LockWord.Unlocked),
        });
    }

    private void EmitUnknown(SyntaxNode syntax, string text) => Emit(new Event(EventKind.Unknown, NameIn(syntax), _state.Holds, _state.Gate) { Text = text });

    private void CallOperator(IMethodSymbol? method, SyntaxNode syntax)
    {
        if (method is not null)
            EmitCall(method, syntax, Origin.Unknown, "", [], virtualOn: method is { IsStatic: true, IsAbstract: true } ? method.ContainingType : null);
    }

    private (string Origins, ImmutableArray<(IParameterSymbol, DelegateSet)> Delegates) VisitArguments(ImmutableArray<IArgumentOperation> arguments, IMethodSymbol target)
    {
        char[]? origins = null;
        ImmutableArray<(IParameterSymbol, DelegateSet)>.Builder? delegates = null;
        foreach (IArgumentOperation argument in arguments)
        {
            IOperation value = argument.Value;
            IParameterSymbol? parameter = argument.Parameter;
            if (parameter is { RefKind: not RefKind.Out } && IsDelegate(value, parameter.Type))
            {
                (delegates ??= ImmutableArray.CreateBuilder<(IParameterSymbol, DelegateSet)>()).Add((parameter.OriginalDefinition, EvaluateDelegate(value)));
                continue;
            }
            Visit(value);
            if (parameter is null || parameter.Ordinal >= target.Parameters.Length)
                continue;
            char origin = OriginOf(value);
            if (origin == Origin.Unknown)
                continue;
            origins ??= Enumerable.Repeat(Origin.Unknown, target.Parameters.Length).ToArray();
            origins[parameter.Ordinal] = origin;
        }
        return (origins is null ? "" : new string(origins), delegates?.ToImmutable() ?? []);
    }

    private static bool IsDelegate(IOperation value, ITypeSymbol parameter)
    {
        if (IsExpressionTree(parameter) || value.ConstantValue is { HasValue: true, Value: null })
            return false;
        if (parameter.TypeKind == TypeKind.Delegate)
            return true;
        return (parameter.SpecialType is SpecialType.System_Delegate or SpecialType.System_MulticastDelegate or SpecialType.System_Object || parameter is ITypeParameterSymbol)
            && Bare(value).Type?.TypeKind == TypeKind.Delegate;
    }

    private void VisitDelegateCall(IInvocationOperation call)
    {
        IOperation? instance = call.Instance;
        if (instance is IConditionalAccessInstanceOperation)
            instance = ConditionalReceiver(call) ?? instance;
        DelegateSet delegates = instance is null ? new DelegateSet { Unknown = "a delegate" } : EvaluateDelegate(instance);
        (string arguments, ImmutableArray<(IParameterSymbol, DelegateSet)> inner) = VisitArguments(call.Arguments, call.TargetMethod);
        // What is handed to a delegate is called by whoever it is: by all that it may be, or by somebody unknown.
        foreach ((_, DelegateSet set) in inner)
            EmitEscape(set, call.Syntax);
        Emit(new Event(EventKind.Invoke, NameIn(call.Syntax), _state.Holds, _state.Gate)
        {
            Delegates = delegates,
            Symbol = call.TargetMethod.ContainingType,
            Arguments = arguments,
            IsDetached = IsDetached(call),
        });
    }

    /// <summary>What stands before the ?. that a member access follows.</summary>
    private static IOperation? ConditionalReceiver(IOperation operation)
    {
        IOperation inner = operation;
        for (IOperation? outer = operation.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            if (outer is IConditionalAccessOperation conditional && conditional.WhenNotNull == inner)
                return conditional.Operation;
        }
        return null;
    }

    private void VisitCreation(IObjectCreationOperation creation)
    {
        if (creation.Constructor is { } constructor)
        {
            (string arguments, ImmutableArray<(IParameterSymbol, DelegateSet)> delegates) = VisitArguments(creation.Arguments, constructor);
            EmitCall(constructor, creation.Syntax, Origin.Fresh, arguments, delegates);
            if (KnownNames.Is(creation.Type, "NotifierChain") && creation.Type is INamedTypeSymbol { TypeArguments: [INamedTypeSymbol events, ..] })
                _program.NoteEvents(events);
        }
        else
        {
            VisitAll(creation.Arguments);
        }
        Visit(creation.Initializer);
    }

    /// <summary>The delegates that an expression may be; everything else in it is visited.</summary>
    private DelegateSet EvaluateDelegate(IOperation? operation)
    {
        var set = new DelegateSet();
        Evaluate(operation);
        return set;

        void Evaluate(IOperation? value)
        {
            switch (value)
            {
                case null:
                case { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation:
                    return;
                case IDelegateCreationOperation creation:
                    set.Type ??= creation.Type as INamedTypeSymbol;
                    Evaluate(creation.Target);
                    return;
                case IConversionOperation conversion:
                    if (!IsExpressionTree(conversion.Type))
                        Evaluate(conversion.Operand);
                    return;
                case IParenthesizedOperation parenthesized:
                    Evaluate(parenthesized.Operand);
                    return;
                case IConditionalOperation conditional:
                    Visit(conditional.Condition);
                    Evaluate(conditional.WhenTrue);
                    Evaluate(conditional.WhenFalse);
                    return;
                case ICoalesceOperation coalesce:
                    Evaluate(coalesce.Value);
                    Evaluate(coalesce.WhenNull);
                    return;
                case ISwitchExpressionOperation choice:
                    Visit(choice.Value);
                    foreach (ISwitchExpressionArmOperation arm in choice.Arms)
                        Evaluate(arm.Value);
                    return;
                case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } both:
                    Evaluate(both.LeftOperand);
                    Evaluate(both.RightOperand);
                    return;
                case ISimpleAssignmentOperation assignment:
                    Visit(assignment);
                    Evaluate(assignment.Target);
                    return;
                case ICoalesceAssignmentOperation assignment:
                    Visit(assignment);
                    Evaluate(assignment.Target);
                    return;
                case IAnonymousFunctionOperation lambda:
                    set.Lambdas.Add(LambdaOf(lambda));
                    return;
                case IMethodReferenceOperation { Method.MethodKind: MethodKind.LocalFunction } local:
                    set.Lambdas.Add(LocalFunctionOf(local.Method));
                    return;
                case IMethodReferenceOperation method:
                    Visit(method.Instance);
                    set.Methods.Add((
                        (IMethodSymbol)SymbolFacts.Normal(method.Method),
                        OriginOf(method.Instance, method.Method.IsStatic),
                        method.IsVirtual ? method.Instance?.Type ?? method.Method.ContainingType : null));
                    return;
                case ILocalReferenceOperation local:
                    set.Type ??= local.Type as INamedTypeSymbol;
                    if (!_environment.Delegates.TryGetValue(local.Local, out DelegateSet? known))
                        _environment.Delegates.Add(local.Local, known = new DelegateSet());
                    // Not what it is now: a lambda that has caught it may run when it is something else.
                    set.Variables.Add((local.Local.Name, known));
                    return;
                case IParameterReferenceOperation parameter:
                    set.Type ??= parameter.Type as INamedTypeSymbol;
                    if (_environment.Slots.TryGetValue(parameter.Parameter, out int slot))
                        set.Parameters.Add((slot, parameter.Parameter));
                    else
                        set.Unknown ??= $"the delegate '{parameter.Parameter.Name}'";
                    return;
                case IFieldReferenceOperation or IPropertyReferenceOperation or IEventReferenceOperation:
                    Visit(value);
                    set.Type ??= value.Type as INamedTypeSymbol;
                    if (MemberOf(value) is { } member)
                        set.Members.Add(member.Symbol.OriginalDefinition);
                    return;
                case IConditionalAccessInstanceOperation:
                    Evaluate(ConditionalReceiver(value));
                    return;
                default:
                    Visit(value);
                    set.Type ??= value.Type as INamedTypeSymbol;
                    set.Unknown ??= value is IInvocationOperation call ? $"what {Function.NameOf(call.TargetMethod)} returns" : "a delegate";
                    return;
            }
        }
    }

    private void EmitEscape(DelegateSet delegates, SyntaxNode syntax)
    {
        if (!delegates.IsEmpty)
            Emit(new Event(EventKind.Escape, syntax, _state.Holds, _state.Gate) { Delegates = delegates });
    }

    private Function LambdaOf(IAnonymousFunctionOperation lambda)
    {
        if (!_environment.Lambdas.TryGetValue(lambda.Syntax, out Function? function))
        {
            function = _program.Add(new Function(lambda.Symbol, _function, _function.SlotCount));
            _environment.Lambdas.Add(lambda.Syntax, function);
            WalkNested(function, [lambda.Body]);
        }
        return function;
    }

    private Function LocalFunctionOf(IMethodSymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        if (!_environment.LocalFunctions.TryGetValue(symbol, out Function? function))
        {
            function = _program.AddLocal(symbol, _function);
            _environment.LocalFunctions.Add(symbol, function);
        }
        return function;
    }

    private void WalkNested(Function function, IEnumerable<IOperation> bodies)
    {
        if (function.Events.Count > 0)
            return;
        for (int i = 0; i < function.Parameters.Length; i++)
            _environment.Slots[function.Parameters[i]] = function.FirstSlot + i;
        var walker = new BodyWalker(_program, function, _environment, _cancellation);
        foreach (IOperation body in bodies)
            walker.Visit(body);
    }

    private void VisitSubscription(IEventAssignmentOperation subscription)
    {
        DelegateSet handlers = EvaluateDelegate(subscription.HandlerValue);
        if (subscription.EventReference is not IEventReferenceOperation reference)
        {
            Visit(subscription.EventReference);
            EmitEscape(handlers, subscription.Syntax);
            return;
        }
        Visit(reference.Instance);
        IEventSymbol raised = reference.Event;
        if (_program.Facts.GuardOf(raised) is { } guard)
        {
            Emit(new Event(EventKind.Access, NameIn(reference.Syntax), _state.Holds, _state.Gate)
            {
                Symbol = raised,
                Atom = guard,
                IsWrite = true,
                Receiver = OriginOf(reference.Instance, raised.IsStatic),
            });
        }
        IMethodSymbol? accessor = subscription.Adds ? raised.AddMethod : raised.RemoveMethod;
        if (accessor is { IsImplicitlyDeclared: false, Parameters: [var value] } && _program.Facts.KindOf(raised) != SymbolFacts.AssemblyKind.Transparent)
        {
            EmitCall(accessor, reference.Syntax, OriginOf(reference.Instance, raised.IsStatic), "", handlers.IsEmpty ? [] : [(value.OriginalDefinition, handlers)],
                virtualOn: accessor.IsVirtual || accessor.IsAbstract ? reference.Instance?.Type : null);
            return;
        }
        if (subscription.Adds)
        {
            _program.AddMemberDelegates(raised, handlers);
            EmitEscape(handlers, subscription.Syntax);
        }
    }

    private void VisitEnumeration(IForEachLoopOperation each)
    {
        IOperation collection = Bare(each.Collection);
        char origin = OriginOf(collection);
        foreach (ILocalSymbol local in each.Locals)
            _environment.Origins[local] = origin == Origin.Fresh ? Origin.Unknown : Origin.Behind(origin);
        if (_function.Symbol is IMethodSymbol { ReturnType: { } returned } && IsSequence(returned) && Yields(each.Body))
        {
            (ISymbol Member, LockAtom Atom, char Receiver)? walked = null;
            if (MemberOf(collection) is { } member && _program.Facts.GuardOf(member.Symbol) is { } guard)
                walked = (member.Symbol, guard, OriginOf(member.Instance, member.Symbol.IsStatic));
            else if (MemberOf(collection) is { Instance: { } container } && MemberOf(Bare(container)) is { } outer && _program.Facts.GuardOf(outer.Symbol) is { } outerGuard)
                walked = (outer.Symbol, outerGuard, Origin.Unknown);
            else if (Variable(collection) is { } variable && _environment.Aliases.TryGetValue(variable, out (ISymbol Member, LockAtom Atom, char Receiver) alias))
                walked = alias;
            if (walked is { } state && (Mutability.IsMutableCollection(collection.Type) || Mutability.IsMutableCollection((MemberOf(collection)?.Instance)?.Type)))
                Emit(new Event(EventKind.AcrossYield, NameIn(each.Collection.Syntax), _state.Holds, _state.Gate) { Symbol = state.Member, Atom = state.Atom });
        }
        if (collection.Type is null || each.SemanticModel is not { } model || each.Syntax is not CommonForEachStatementSyntax syntax)
            return;
        if (collection.Type.TypeKind != TypeKind.TypeParameter && _program.Facts.KindOf(collection.Type) != SymbolFacts.AssemblyKind.Own)
            return;
        ForEachStatementInfo info = model.GetForEachStatementInfo(syntax);
        foreach (IMethodSymbol? method in new[] { info.GetEnumeratorMethod, info.MoveNextMethod, info.CurrentProperty?.GetMethod, info.DisposeMethod })
        {
            if (method is not null && _program.Facts.KindOf(method) == SymbolFacts.AssemblyKind.Own)
                EmitCall(method, each.Collection.Syntax, method.Equals(info.GetEnumeratorMethod, SymbolEqualityComparer.Default) ? origin : Origin.Unknown, "", []);
            else if (method is not null && method.Equals(info.GetEnumeratorMethod, SymbolEqualityComparer.Default))
                EmitCall(method, each.Collection.Syntax, origin, "", [], virtualOn: collection.Type);
        }
    }

    private static bool Yields(IOperation body)
    {
        if (body.Kind is OperationKind.YieldReturn)
            return true;
        if (body is IAnonymousFunctionOperation or ILocalFunctionOperation)
            return false;
        return body.ChildOperations.Any(Yields);
    }

    private static bool IsSequence(ITypeSymbol? type) => type is INamedTypeSymbol
    {
        Name: "IEnumerable" or "IEnumerator" or "IAsyncEnumerable" or "IAsyncEnumerator" or "IOrderedEnumerable" or "ILookup" or "IGrouping",
    };

    private void VisitAwait(IAwaitOperation wait)
    {
        Visit(wait.Operation);
        Emit(New(EventKind.Await, wait.Syntax));
        if (wait.Operation.Type is { } type && _program.Facts.KindOf(type) == SymbolFacts.AssemblyKind.Own
            && wait is { SemanticModel: { } model, Syntax: AwaitExpressionSyntax syntax })
        {
            AwaitExpressionInfo info = model.GetAwaitExpressionInfo(syntax);
            foreach (IMethodSymbol? method in new[] { info.GetAwaiterMethod, info.IsCompletedProperty?.GetMethod, info.GetResultMethod })
            {
                if (method is not null)
                    EmitCall(method, wait.Syntax, Origin.Unknown, "", []);
            }
        }
    }

    private void VisitDeconstruction(IDeconstructionAssignmentOperation deconstruction)
    {
        Visit(deconstruction.Value);
        Visit(deconstruction.Target);
        if (deconstruction is { SemanticModel: { } model, Syntax: AssignmentExpressionSyntax syntax } && model.GetDeconstructionInfo(syntax).Method is { } method)
            EmitCall(method, syntax.Right, OriginOf(deconstruction.Value), "", []);
    }

    /// <summary>What blocks, what leaves the owner's flow of control, and what nobody can follow, among the platform's own.</summary>
    private void EmitSpecials(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.ContainingType is not { } type || _program.Facts.KindOf(method) != SymbolFacts.AssemblyKind.Transparent)
            return;
        string space = type.ContainingNamespace?.ToDisplayString() ?? "";
        bool blocks = (space, type.Name, method.Name) switch
        {
            ("System.Threading", "Thread", "Sleep" or "Join") => true,
            ("System.Threading", "WaitHandle", "WaitOne" or "WaitAll" or "WaitAny" or "SignalAndWait") => true,
            ("System.Threading", "SemaphoreSlim" or "ManualResetEventSlim" or "CountdownEvent", "Wait") => true,
            ("System.Threading", "Barrier", "SignalAndWait") => true,
            ("System.Threading", "Monitor", "Wait") => true,
            ("System.Threading", "SpinWait", "SpinUntil") => true,
            ("System.Threading.Tasks", "Task", "Wait" or "WaitAll" or "WaitAny" or "RunSynchronously") => true,
            ("System.Threading.Tasks", "Parallel", _) => true,
            ("System.Runtime.CompilerServices", "TaskAwaiter" or "ValueTaskAwaiter" or "ConfiguredTaskAwaiter" or "ConfiguredValueTaskAwaiter", "GetResult") => !IsLeaseTask(call),
            ("System.Diagnostics", "Process", "WaitForExit") => true,
            ("System.Collections.Concurrent", "BlockingCollection", "Take" or "Add" or "TryTake") => true,
            _ => false,
        };
        if (blocks)
            Emit(Event(EventKind.Block, call.Syntax, method, default));
        bool leaves = (space, type.Name, method.Name) switch
        {
            ("System.Threading.Tasks", "Task", "Run") or ("System.Threading.Tasks", "TaskFactory", "StartNew") => true,
            (_, _, "ConfigureAwait") => call.Arguments is [{ Value.ConstantValue: { HasValue: true, Value: false } }] && !IsAcquisition(call.Instance),
            _ => false,
        };
        if (leaves)
            Emit(Event(EventKind.LeaveOwner, call.Syntax, method, default));
        bool isUnknown = (type.Name, method.Name) switch
        {
            ("MethodBase" or "MethodInfo" or "ConstructorInfo" or "PropertyInfo" or "FieldInfo", "Invoke" or "GetValue" or "SetValue") => space == "System.Reflection",
            ("Delegate", "DynamicInvoke") => true,
            ("Activator", "CreateInstance") => true,
            _ => false,
        };
        if (isUnknown)
            EmitUnknown(call.Syntax, $"a call by reflection, {type.Name}.{method.Name}");
    }

    /// <summary>The wait for the lock itself.</summary>
    private bool IsAcquisition(IOperation? operation) =>
        operation is not null && Bare(operation) is IInvocationOperation call && !_program.Facts.ContractOf(call.TargetMethod).Acquires.IsEmpty;

    private static bool IsLeaseTask(IInvocationOperation call) => IsLease(call.Type, out _);

    /// <summary>An asynchronous call for which nobody waits.</summary>
    private static bool IsDetached(IInvocationOperation call)
    {
        if (call.Type is not INamedTypeSymbol { Name: "Task" or "ValueTask" })
            return false;
        IOperation? outer = call.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation or IConditionalAccessOperation)
            outer = outer.Parent;
        return outer is IExpressionStatementOperation || (outer is ISimpleAssignmentOperation { Target: IDiscardOperation });
    }

    /// <summary>A sequence that is walked some time after this.</summary>
    private bool IsDeferred(IInvocationOperation call)
    {
        if (_state.Holds.IsEmpty || !IsSequence(call.Type))
            return false;
        IOperation inner = call;
        for (IOperation? outer = call.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            switch (outer)
            {
                case IConversionOperation or IParenthesizedOperation or IArgumentOperation or IAwaitOperation:
                    continue;
                case IInvocationOperation next when IsSequence(next.Type) && next.TargetMethod.ContainingNamespace?.ToDisplayString() == "System.Linq":
                    continue;
                case IInvocationOperation or IObjectCreationOperation or ISpreadOperation:
                    return false;
                case IForEachLoopOperation each:
                    return each.Collection != inner;
                default:
                    return true;
            }
        }
        return true;
    }

    /// <summary>Where the namespace comes from that a contract speaks of.</summary>
    private char NetOf(IInvocationOperation call, Contract contract)
    {
        if (contract.Requires.IsEmpty)
            return Origin.Unknown;
        if (contract.Net is not { } name)
            return OriginOf(call.Instance);
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter?.Name == name)
                return OriginOf(argument.Value);
        }
        return Origin.Unknown;
    }

    /// <summary>RTNL107: the object may have moved by the time the lock is there.</summary>
    private void CheckNetOfObject(IInvocationOperation call, Contract contract)
    {
        bool takesLock = contract.Acquires.Any(atom => atom.IsWord) || (call.TargetMethod.Name is "Of" or "Add" && KnownNames.Is(call.TargetMethod.ContainingType, "NetLockSet"));
        if (!takesLock || _muted > 0)
            return;
        if (call.Instance is { } instance && FromObject(instance) is { } source)
            _program.ReportNetOfObject(NameIn(source.Syntax), source.Text);
        foreach (IArgumentOperation argument in call.Arguments)
        {
            foreach (IOperation value in argument.Value is ICollectionExpressionOperation or IArrayCreationOperation ? argument.Value.Descendants() : [argument.Value])
            {
                if (FromObject(value) is { } found)
                    _program.ReportNetOfObject(NameIn(found.Syntax), found.Text);
            }
        }
    }

    private (SyntaxNode Syntax, string Text)? FromObject(IOperation value)
    {
        IOperation bare = Bare(value);
        if (IsNetOfObject(bare))
            return (bare.Syntax, bare.Syntax.ToString());
        return Variable(bare) is { } variable && _environment.NetsOfObjects.Contains(variable) ? (bare.Syntax, variable.Name) : null;
    }

    /// <summary>x.Net of something that may move.</summary>
    private static bool IsNetOfObject(IOperation operation) =>
        operation is IPropertyReferenceOperation { Property: { Name: "Net" } property }
        && KnownNames.Is(property.Type, "Net")
        && property.ContainingType is { } type
        && (KnownNames.Is(type, "INetObject") || type.AllInterfaces.Any(face => KnownNames.Is(face, "INetObject")));
}
