using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SmallRtnl.Generators;

/// <summary>State: what is read and written, and where values come from.</summary>
internal sealed partial class BodyWalker
{
    private void VisitProperty(IPropertyReferenceOperation reference)
    {
        Visit(reference.Instance);
        VisitAll(reference.Arguments);
        IPropertySymbol property = reference.Property;
        char receiver = OriginOf(reference.Instance, property.IsStatic);
        VisitMember(reference, property, receiver);
        SymbolFacts.AssemblyKind kind = _program.Facts.KindOf(property);
        if (kind == SymbolFacts.AssemblyKind.Transparent)
        {
            if (property.Name == "Result" && property.ContainingType is { Name: "Task" or "ValueTask" } && !IsLease(reference.Type, out _))
                Emit(Event(EventKind.Block, reference.Syntax, property, default));
            if (property.ContainingType?.TypeKind != TypeKind.Interface)
                return;
        }
        if (kind == SymbolFacts.AssemblyKind.Own && BackingField(property) is not null && !property.IsVirtual && !property.IsOverride && !_program.Facts.ContractOf(property.GetMethod ?? (ISymbol)property).IsAnnotated && !_program.Facts.ContractOf(property.SetMethod ?? (ISymbol)property).IsAnnotated)
            return;
        bool isPlainTarget = reference.Parent is ISimpleAssignmentOperation { IsRef: false } assignment && assignment.Target == reference;
        bool isChanged = isPlainTarget || IsTarget(reference);
        bool isVirtual = (property.IsVirtual || property.IsAbstract || property.IsOverride) && reference.Instance is not IInstanceReferenceOperation { Syntax: Microsoft.CodeAnalysis.CSharp.Syntax.BaseExpressionSyntax };
        ITypeSymbol? on = isVirtual ? reference.Instance?.Type ?? property.ContainingType : null;
        if (!isPlainTarget && property.GetMethod is { } get)
            EmitCall(get, reference.Syntax, receiver, "", [], virtualOn: on);
        if (isChanged && property.SetMethod is { } set)
            EmitCall(set, reference.Syntax, receiver, "", [], virtualOn: on);
    }

    /// <summary>Assigned in place, by whichever kind of assignment.</summary>
    private static bool IsTarget(IOperation reference) => reference.Parent switch
    {
        IAssignmentOperation assignment => assignment.Target == reference,
        IIncrementOrDecrementOperation => true,
        ITupleOperation tuple => IsTarget(tuple),
        IConversionOperation conversion => IsTarget(conversion),
        _ => false,
    };

    /// <summary>A field, property or event is touched.</summary>
    private void VisitMember(IOperation reference, ISymbol member, char receiver)
    {
        if (member is IFieldSymbol { IsConst: true })
            return;
        // What an accessor does with the field behind its own property is asked of whoever touches the property.
        if (member is IFieldSymbol { AssociatedSymbol: { } property } && _function.Outermost.Symbol is IMethodSymbol { AssociatedSymbol: { } own } && SymbolEqualityComparer.Default.Equals(property, own))
            return;
        SymbolFacts.AssemblyKind kind = _program.Facts.KindOf(member);
        if (kind == SymbolFacts.AssemblyKind.Transparent)
            return;
        if (_program.Facts.GuardOf(member) is { } guard)
        {
            // An Rcu<T> is read by anybody and replaced under its lock.
            ITypeSymbol? type = reference.Type;
            if ((KnownNames.Is(type, "Rcu") || KnownNames.Is(type, "AtomicRcu")) && !Mutability.IsChanged(reference))
            {
                if (KnownNames.Is(type, "Rcu") && reference.Parent is IInvocationOperation { TargetMethod.Name: "Replace" } replace && replace.Instance == reference)
                    Emit(Touch(reference, member, guard, receiver, isWrite: true));
                return;
            }
            // A lock or a readonly value that is itself the guard, or cannot change, needs none.
            if (Mutability.IsLock(type))
                return;
            Emit(Touch(reference, member, guard, receiver, Mutability.IsChanged(reference) || Mutability.IsHandedOver(reference)));
            return;
        }
        if (kind != SymbolFacts.AssemblyKind.Own)
            return;
        VisitUnguarded(reference, member, receiver);
    }

    private Event Touch(IOperation reference, ISymbol member, LockAtom guard, char receiver, bool isWrite) =>
        new(EventKind.Access, NameIn(reference.Syntax), _state.Holds, _state.Gate)
        {
            Symbol = member.OriginalDefinition,
            Atom = guard,
            IsWrite = isWrite,
            Receiver = ReceiverIn(receiver, reference),
        };

    private char ReceiverIn(char receiver, IOperation reference)
    {
        // A namespace that Holds has vouched for.
        IOperation? instance = reference switch
        {
            IMemberReferenceOperation member => member.Instance,
            _ => null,
        };
        return instance is not null && Variable(instance) is { } variable && _state.HeldNets.Contains(variable) ? Origin.Own : receiver;
    }

    /// <summary>State that nothing guards matters where it is written and everybody can reach it.</summary>
    private void VisitUnguarded(IOperation reference, ISymbol member, char receiver)
    {
        IFieldSymbol? field = member as IFieldSymbol ?? (member is IPropertySymbol property ? BackingField(property) : null);
        if (field is null || field.ContainingType is not { TypeKind: TypeKind.Class } || receiver == Origin.Fresh || KnownNames.Is(field.Type, "Rcu") || KnownNames.Is(field.Type, "AtomicRcu"))
            return;
        // A property that says what it needs is guarded by what it says.
        if (member is IPropertySymbol { SetMethod: { } setter } && !_program.Facts.ContractOf(setter).Requires.IsEmpty)
            return;
        if (member is IPropertySymbol { SetMethod.IsInitOnly: true } && reference.Parent?.Parent is IObjectOrCollectionInitializerOperation)
            return;
        bool isWrite = Mutability.IsChanged(reference);
        bool isReplaced = isWrite && (IsTarget(reference) || reference.Parent is IArgumentOperation || reference.Parent is IFieldReferenceOperation);
        if (isWrite && !isReplaced && Mutability.IsConcurrent(reference.Type))
            return;
        bool isOwned = _state.Monitors > 0 || IsAtomic(reference);
        if (isWrite)
        {
            if (!isOwned && !IsConstruction())
                _program.NoteWritten(field);
            Emit(new Event(EventKind.Write, NameIn(reference.Syntax), _state.Holds, _state.Gate) { Symbol = member.OriginalDefinition, IsWrite = true, Receiver = receiver, IsOwned = isOwned });
        }
        else if (!field.IsReadOnly && !isOwned && !field.IsVolatile)
        {
            Emit(new Event(EventKind.Write, NameIn(reference.Syntax), _state.Holds, _state.Gate) { Symbol = field.OriginalDefinition, Receiver = receiver });
        }
    }

    private bool IsConstruction() => _function.Outermost.Symbol is INamedTypeSymbol or IFieldSymbol or IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Constructor or MethodKind.StaticConstructor };

    private static bool IsAtomic(IOperation reference)
    {
        for (IOperation? outer = reference.Parent; outer is IArgumentOperation or IConversionOperation or IInvocationOperation; outer = outer.Parent)
        {
            if (outer is IInvocationOperation { TargetMethod.ContainingType: { Name: "Interlocked" or "Volatile" or "LazyInitializer", ContainingNamespace: { Name: "Threading" } } })
                return true;
        }
        return false;
    }

    private IFieldSymbol? BackingField(IPropertySymbol property) => _program.BackingField(property);

    private void VisitAlias(IOperation reference, ISymbol variable)
    {
        if (_environment.Aliases.TryGetValue(variable, out (ISymbol Member, LockAtom Atom, char Receiver) alias) && !(IsTarget(reference) && !IsRefVariable(variable)))
        {
            Emit(new Event(EventKind.Access, NameIn(reference.Syntax), _state.Holds, _state.Gate)
            {
                Symbol = alias.Member.OriginalDefinition,
                Atom = alias.Atom,
                IsWrite = Mutability.IsChanged(reference),
                Receiver = alias.Receiver,
                Text = variable.Name,
            });
        }
    }

    private static bool IsRefVariable(ISymbol variable) => variable is ILocalSymbol { RefKind: not RefKind.None };

    private void VisitParameter(IParameterReferenceOperation reference)
    {
        IParameterSymbol parameter = reference.Parameter;
        if (_environment.Slots.ContainsKey(parameter))
        {
            VisitAlias(reference, parameter);
            return;
        }
        // A primary constructor's parameter that a member has caught is a field of the object.
        if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor, ContainingType.TypeKind: TypeKind.Class } && Mutability.IsChanged(reference))
        {
            bool isOwned = _state.Monitors > 0 || IsAtomic(reference);
            if (!(Mutability.IsConcurrent(reference.Type) && !IsTarget(reference)))
                Emit(new Event(EventKind.Write, NameIn(reference.Syntax), _state.Holds, _state.Gate) { Symbol = parameter, IsWrite = true, Receiver = Origin.Slot(0), IsOwned = isOwned });
        }
    }

    private void VisitAssignment(ISimpleAssignmentOperation assignment)
    {
        if (Variable(assignment.Target) is { } variable && assignment.Target is ILocalReferenceOperation or IParameterReferenceOperation)
        {
            if (!_environment.Slots.ContainsKey(variable) || assignment.Target is ILocalReferenceOperation)
            {
                if (assignment.Target is ILocalReferenceOperation { Local.RefKind: not RefKind.None } && !assignment.IsRef)
                    Visit(assignment.Target);
                else if (assignment.Target is IParameterReferenceOperation caught)
                    VisitParameter(caught);
                Bind(variable, assignment.Value);
                return;
            }
            Visit(assignment.Value);
            // What it was at entry, it is no longer.
            if (assignment.Value.Type?.TypeKind != TypeKind.Delegate)
                _environment.Origins[variable] = OriginOf(assignment.Value);
            return;
        }
        if (assignment.Target is IDiscardOperation)
        {
            if (IsDelegate(assignment.Value, assignment.Value.Type ?? _program.ObjectType))
                _ = EvaluateDelegate(assignment.Value);
            else
                Visit(assignment.Value);
            return;
        }
        VisitAssigned(assignment.Target, assignment.Value);
        Visit(assignment.Target);
        // From here on others may have it.
        if (Variable(assignment.Value) is { } published && assignment.Target is IMemberReferenceOperation { Instance: var holder } && OriginOf(holder, isStatic: holder is null) != Origin.Fresh
            && _environment.Origins.TryGetValue(published, out char origin) && origin == Origin.Fresh)
        {
            _environment.Origins[published] = Origin.Unknown;
        }
    }

    /// <summary>The value of an assignment to what is no local.</summary>
    private void VisitAssigned(IOperation target, IOperation value)
    {
        if (target.Type?.TypeKind != TypeKind.Delegate)
        {
            Visit(value);
            return;
        }
        DelegateSet delegates = EvaluateDelegate(value);
        if (MemberOf(target) is { } member)
            _program.AddMemberDelegates(member.Symbol, delegates);
        if (Variable(target) is { } variable)
        {
            if (_environment.Delegates.TryGetValue(variable, out DelegateSet? known))
                known.Add(delegates);
            else
                _environment.Delegates.Add(variable, delegates);
            return;
        }
        EmitEscape(delegates, value.Syntax);
    }

    private char OriginOf(IOperation? operation, bool isStatic) => isStatic ? Origin.Shared : OriginOf(operation);

    /// <summary>Where a value comes from.</summary>
    private char OriginOf(IOperation? operation)
    {
        switch (operation)
        {
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return Origin.Slot(0);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver }:
            case IObjectCreationOperation or IWithOperation or IAnonymousObjectCreationOperation or IArrayCreationOperation or ICollectionExpressionOperation:
                return Origin.Fresh;
            case IConversionOperation { OperatorMethod: null } conversion:
                return OriginOf(conversion.Operand);
            case IParenthesizedOperation parenthesized:
                return OriginOf(parenthesized.Operand);
            case IArgumentOperation argument:
                return OriginOf(argument.Value);
            case ILocalReferenceOperation local:
                if (_state.HeldNets.Contains(local.Local))
                    return Origin.Own;
                if (!_environment.Origins.TryGetValue(local.Local, out char known))
                    return Origin.Unknown;
                // Caught by a lambda, which may run when others have it.
                return known == Origin.Fresh && !SymbolEqualityComparer.Default.Equals(local.Local.ContainingSymbol, _function.Symbol) && _function.Outer is not null ? Origin.Unknown : known;
            case IParameterReferenceOperation { Parameter: var parameter }:
                if (_state.HeldNets.Contains(parameter))
                    return Origin.Own;
                if (_environment.Origins.TryGetValue(parameter, out char assigned))
                    return assigned;
                if (_environment.Slots.TryGetValue(parameter, out int slot))
                    return Origin.Slot(slot);
                return parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? Origin.Behind(Origin.Slot(0)) : Origin.Unknown;
            case IFieldReferenceOperation field:
                return OriginOfMember(field.Field, field.Instance);
            case IPropertyReferenceOperation property:
                return OriginOfMember(property.Property, property.Instance);
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return Origin.Join(OriginOf(conditional.WhenTrue), OriginOf(whenFalse));
            case ICoalesceOperation coalesce:
                return Origin.Join(OriginOf(coalesce.Value), OriginOf(coalesce.WhenNull));
            case IAwaitOperation wait:
                return OriginOf(wait.Operation);
            case IConditionalAccessOperation conditional:
                return OriginOf(conditional.WhenNotNull);
            case IConditionalAccessInstanceOperation instance:
                return OriginOf(ConditionalReceiver(instance));
            case IInvocationOperation call:
                return OriginOfResult(call);
            default:
                return Origin.Unknown;
        }
    }

    private char OriginOfMember(ISymbol member, IOperation? instance)
    {
        if (member.IsStatic)
            return Origin.Shared;
        ITypeSymbol? owner = member.ContainingType;
        if (KnownNames.Is(owner, "DoItRequest") || KnownNames.Is(owner, "DumpItRequest"))
            return member.Name == "Net" ? OriginOf(instance) : Origin.Unknown;
        if (IsContext(owner))
            return member.Name == "Net" ? Origin.Own : Origin.Unknown;
        if (KnownNames.Is(owner, "NetRegistry"))
            return KnownNames.Is((member as IPropertySymbol)?.Type, "Net") ? Origin.Foreign : Origin.Unknown;
        if (KnownNames.Is(owner, "Net"))
            return member.Name == "Registry" ? Origin.Unknown : OriginOf(instance);
        // An object that another names may live elsewhere: a peer, a lower device.
        ITypeSymbol? type = (member as IPropertySymbol)?.Type ?? (member as IFieldSymbol)?.Type;
        if (IsNetObject(owner) && IsNetObject(type))
            return Origin.Foreign;
        return instance is null ? Origin.Unknown : Origin.Behind(OriginOf(instance));
    }

    private char OriginOfResult(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        ITypeSymbol? type = method.ContainingType;
        if (method.Name == "Read" && (KnownNames.Is(type, "DoItRequest") || KnownNames.Is(type, "DumpItRequest") || IsContext(type)))
            return call.Arguments is [{ Value: var net }, ..] ? OriginOf(net) : OriginOf(call.Instance);
        if (KnownNames.Is(type, "NetRegistry") && method.Name is "Find" or "All")
            return Origin.Foreign;
        if (method.Name is "FindByNsid" or "FindByHandle" && KnownNames.Is(type, "ResolveRequest"))
            return Origin.Foreign;
        if (method.Name == "Find" && KnownNames.Is(type, "NsidTable"))
            return Origin.Foreign;
        if (method.Name == "Get" && KnownNames.Is(type, "NetSnapshot"))
            return OriginOf(call.Instance);
        // Elements of a collection are as far away as the collection.
        if (type?.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal) == true)
            return Origin.Behind(OriginOf(call.Instance));
        return Origin.Unknown;
    }

    private static bool IsNetObject(ITypeSymbol? type) => type is not null && type.AllInterfaces.Any(face => KnownNames.Is(face, "INetObject"));
}
