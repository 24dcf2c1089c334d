using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SmallRtnl.Generators;

/// <summary>
/// Walks one body in the order in which it runs and notes its events, each with the locks that scopes of the body hold there. Knows nothing
/// of other bodies; the solver puts them together.
/// </summary>
internal sealed partial class BodyWalker
{
    private readonly LockProgram _program;
    private readonly Function _function;
    private readonly BodyEnvironment _environment;
    private readonly CancellationToken _cancellation;
    private FlowState _state = FlowState.Entry;
    private int _muted;

    private BodyWalker(LockProgram program, Function function, BodyEnvironment environment, CancellationToken cancellation)
    {
        _program = program;
        _function = function;
        _environment = environment;
        _cancellation = cancellation;
    }

    /// <summary>Walks a body, and the lambdas and local functions in it.</summary>
    public static void Walk(LockProgram program, ISymbol owner, IEnumerable<IOperation> blocks, CancellationToken cancellation)
    {
        // An instance's initialisers run with its constructors; a static one by itself, under whoever is the first to touch the type.
        ISymbol symbol = SymbolFacts.Normal(owner is (IFieldSymbol or IPropertySymbol or IEventSymbol) and { IsStatic: false } ? owner.ContainingType : owner);
        Function function = program.GetOrAdd(symbol, owner);
        var environment = new BodyEnvironment();
        // Parameters belong to the part of a partial method that has the body.
        var method = owner as IMethodSymbol;
        for (int i = 0; method is not null && i < method.Parameters.Length; i++)
            environment.Slots[method.Parameters[i]] = function.FirstSlot + i;
        var walker = new BodyWalker(program, function, environment, cancellation);
        lock (function)
        {
            foreach (IOperation block in blocks)
                walker.Visit(block);
        }
    }

    private void Emit(Event found)
    {
        if (_muted == 0 && _state.IsReachable)
            _function.Events.Add(found);
    }

    private Event New(EventKind kind, SyntaxNode syntax) => new(kind, NameIn(syntax), _state.Holds, _state.Gate);

    /// <summary>The part of an expression that a squiggle belongs under: the name behind the last dot.</summary>
    private static SyntaxNode NameIn(SyntaxNode syntax) => syntax switch
    {
        InvocationExpressionSyntax invocation => NameIn(invocation.Expression),
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name,
        ConditionalAccessExpressionSyntax conditional => NameIn(conditional.WhenNotNull),
        ObjectCreationExpressionSyntax creation => creation.Type,
        ParenthesizedExpressionSyntax parenthesized => NameIn(parenthesized.Expression),
        _ => syntax,
    };

    private void VisitAll(IEnumerable<IOperation> operations)
    {
        foreach (IOperation operation in operations)
            Visit(operation);
    }

    private void Visit(IOperation? operation)
    {
        if (operation is null)
            return;
        _cancellation.ThrowIfCancellationRequested();
        switch (operation)
        {
            case IBlockOperation block:
                VisitBlock(block);
                break;
            case IConditionalOperation conditional:
                VisitConditional(conditional);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr } or IUnaryOperation { OperatorKind: UnaryOperatorKind.Not }:
                (FlowState whenTrue, FlowState whenFalse) = VisitCondition(operation);
                _state = FlowState.Join(whenTrue, whenFalse);
                break;
            case ILoopOperation loop:
                VisitLoop(loop);
                break;
            case ITryOperation attempt:
                VisitTry(attempt);
                break;
            case IUsingOperation scope:
                VisitUsing(scope);
                break;
            case ILockOperation monitor:
                Visit(monitor.LockedValue);
                _state = _state.WithMonitors(_state.Monitors + 1);
                Visit(monitor.Body);
                _state = _state.WithMonitors(_state.Monitors - 1);
                break;
            case ISwitchOperation choice:
                VisitSwitch(choice);
                break;
            case ISwitchExpressionOperation choice:
                VisitSwitchExpression(choice);
                break;
            case IReturnOperation back:
                VisitReturn(back);
                break;
            case IThrowOperation thrown:
                Visit(thrown.Exception);
                _state = _state.Unreachable();
                break;
            case IBranchOperation:
                _state = _state.Unreachable();
                break;
            case ILabeledOperation label:
                _state = _state.Reachable();
                Visit(label.Operation);
                break;
            case IVariableDeclaratorOperation declarator:
                VisitDeclarator(declarator);
                break;
            case IExpressionStatementOperation { Operation: var expression }:
                if (LeaseOf(expression) is { } leaked)
                {
                    // Nobody can dispose it: it is held to the end.
                    Visit(expression);
                    _state = _state.With(leaked);
                    break;
                }
                Visit(expression);
                break;
            case IInvocationOperation call:
                VisitInvocation(call);
                break;
            case IObjectCreationOperation creation:
                VisitCreation(creation);
                break;
            case IPropertyReferenceOperation property:
                VisitProperty(property);
                break;
            case IFieldReferenceOperation field:
                Visit(field.Instance);
                VisitMember(field, field.Field, OriginOf(field.Instance, field.Field.IsStatic));
                break;
            case IEventReferenceOperation raised:
                Visit(raised.Instance);
                VisitMember(raised, raised.Event, OriginOf(raised.Instance, raised.Event.IsStatic));
                break;
            case ILocalReferenceOperation local:
                VisitAlias(local, local.Local);
                break;
            case IParameterReferenceOperation parameter:
                VisitParameter(parameter);
                break;
            case ISimpleAssignmentOperation assignment:
                VisitAssignment(assignment);
                break;
            case ICoalesceAssignmentOperation assignment:
                Visit(assignment.Target);
                VisitAssigned(assignment.Target, assignment.Value);
                break;
            case ICompoundAssignmentOperation assignment:
                Visit(assignment.Target);
                Visit(assignment.Value);
                CallOperator(assignment.OperatorMethod, assignment.Syntax);
                break;
            case IIncrementOrDecrementOperation step:
                Visit(step.Target);
                CallOperator(step.OperatorMethod, step.Syntax);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                VisitDeconstruction(deconstruction);
                break;
            case IEventAssignmentOperation subscription:
                VisitSubscription(subscription);
                break;
            case IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation:
                // Used as a value where nothing above follows it.
                EmitEscape(EvaluateDelegate(operation), operation.Syntax);
                break;
            case ILocalFunctionOperation local:
                WalkNested(LocalFunctionOf(local.Symbol), local.ChildOperations);
                break;
            case IAwaitOperation wait:
                VisitAwait(wait);
                break;
            case IBinaryOperation binary:
                Visit(binary.LeftOperand);
                Visit(binary.RightOperand);
                CallOperator(binary.OperatorMethod, binary.Syntax);
                break;
            case IUnaryOperation unary:
                Visit(unary.Operand);
                CallOperator(unary.OperatorMethod, unary.Syntax);
                break;
            case IConversionOperation conversion:
                if (IsExpressionTree(conversion.Type))
                    break;
                Visit(conversion.Operand);
                CallOperator(conversion.OperatorMethod, conversion.Syntax);
                break;
            case IIsPatternOperation pattern:
                Visit(pattern.Value);
                NoteDeclared(pattern.Pattern, pattern.Value);
                Visit(pattern.Pattern);
                break;
            case IRecursivePatternOperation { DeconstructSymbol: IMethodSymbol deconstruct } pattern:
                EmitCall(deconstruct, pattern.Syntax, Origin.Unknown, "", []);
                VisitAll(pattern.ChildOperations);
                break;
            case IDynamicInvocationOperation or IDynamicMemberReferenceOperation or IDynamicObjectCreationOperation or IDynamicIndexerAccessOperation:
                VisitAll(operation.ChildOperations);
                EmitUnknown(operation.Syntax, "a call by dynamic");
                break;
            case IFunctionPointerInvocationOperation pointer:
                VisitAll(pointer.ChildOperations);
                EmitUnknown(pointer.Syntax, "a call through a function pointer");
                break;
            case INameOfOperation or ITypeOfOperation or IAttributeOperation:
                break;
            case ISymbolInitializerOperation { Value.Type.TypeKind: TypeKind.Delegate } initializer when initializer is IFieldInitializerOperation or IPropertyInitializerOperation:
                DelegateSet initial = EvaluateDelegate(initializer.Value);
                foreach (ISymbol member in initializer is IFieldInitializerOperation { InitializedFields: var fields } ? fields.Cast<ISymbol>() : ((IPropertyInitializerOperation)initializer).InitializedProperties)
                    _program.AddMemberDelegates(member, initial);
                EmitEscape(initial, initializer.Syntax);
                break;
            case IInvalidOperation invalid:
                VisitInvalid(invalid);
                break;
            default:
                VisitAll(operation.ChildOperations);
                break;
        }
    }

    private void VisitBlock(IBlockOperation block)
    {
        List<ISymbol>? leases = null;
        foreach (IOperation child in block.Operations)
        {
            if (child is IUsingDeclarationOperation declared)
            {
                Visit(declared.DeclarationGroup);
                foreach (IVariableDeclaratorOperation declarator in declared.DeclarationGroup.Declarations.SelectMany(declaration => declaration.Declarators))
                {
                    (leases ??= []).Add(declarator.Symbol);
                    CallDispose(declarator.Symbol.Type, declarator.Syntax, declared.IsAsynchronous);
                }
                continue;
            }
            Visit(child);
        }
        for (int i = 0; leases is not null && i < leases.Count; i++)
            _state = _state.Without(leases[i]);
    }

    private void VisitUsing(IUsingOperation scope)
    {
        FlowState before = _state;
        var leases = new List<ISymbol>();
        if (scope.Resources is IVariableDeclarationGroupOperation group)
        {
            Visit(group);
            foreach (IVariableDeclaratorOperation declarator in group.Declarations.SelectMany(declaration => declaration.Declarators))
            {
                leases.Add(declarator.Symbol);
                CallDispose(declarator.Symbol.Type, declarator.Syntax, scope.IsAsynchronous);
            }
            Visit(scope.Body);
        }
        else
        {
            Visit(scope.Resources);
            ISymbol? variable = Variable(scope.Resources);
            if (variable is not null)
                leases.Add(variable);
            else if (LeaseOf(scope.Resources) is { } lease)
                _state = _state.With(lease);
            CallDispose(scope.Resources?.Type, scope.Resources?.Syntax ?? scope.Syntax, scope.IsAsynchronous);
            Visit(scope.Body);
            // A lease without a name ends with the scope, and nothing inside can have taken one that outlives it.
            if (variable is null)
                _state = _state.WithHolds(before.Holds);
        }
        foreach (ISymbol lease in leases)
            _state = _state.Without(lease);
    }

    private void CallDispose(ITypeSymbol? type, SyntaxNode syntax, bool isAsynchronous)
    {
        if (type is null || _program.Facts.KindOf(type) != SymbolFacts.AssemblyKind.Own)
            return;
        foreach (ITypeSymbol candidate in SelfAndBases(type))
        {
            foreach (ISymbol member in candidate.GetMembers(isAsynchronous ? "DisposeAsync" : "Dispose"))
            {
                if (member is IMethodSymbol { Parameters.Length: 0, IsStatic: false } dispose)
                {
                    EmitCall(dispose, syntax, Origin.Unknown, "", [], virtualOn: dispose.IsVirtual || dispose.IsAbstract ? type : null);
                    return;
                }
            }
        }
    }

    private static IEnumerable<ITypeSymbol> SelfAndBases(ITypeSymbol type)
    {
        for (ITypeSymbol? each = type; each is not null; each = each.BaseType)
            yield return each;
    }

    private void VisitConditional(IConditionalOperation conditional)
    {
        (FlowState whenTrue, FlowState whenFalse) = VisitCondition(conditional.Condition);
        _state = whenTrue;
        Visit(conditional.WhenTrue);
        FlowState after = _state;
        _state = whenFalse;
        Visit(conditional.WhenFalse);
        _state = FlowState.Join(after, _state);
    }

    private void VisitLoop(ILoopOperation loop)
    {
        switch (loop)
        {
            case IForEachLoopOperation each:
                Visit(each.Collection);
                VisitEnumeration(each);
                Loop(() => Visit(each.Body));
                break;
            case IForLoopOperation counting:
                VisitAll(counting.Before);
                Loop(() =>
                {
                    FlowState whenFalse = default;
                    if (counting.Condition is { } condition)
                        (_state, whenFalse) = VisitCondition(condition);
                    Visit(counting.Body);
                    _state = _state.IsReachable ? _state : whenFalse.IsReachable ? whenFalse : _state;
                    VisitAll(counting.AtLoopBottom);
                });
                break;
            case IWhileLoopOperation { ConditionIsTop: true } whilst:
                FlowState exit = default;
                Loop(() =>
                {
                    if (whilst.Condition is { } condition)
                        (_state, exit) = VisitCondition(condition);
                    Visit(whilst.Body);
                });
                if (exit.IsReachable)
                    _state = FlowState.Join(exit, _state.With(exit.Gate));
                break;
            case IWhileLoopOperation again:
                Loop(() =>
                {
                    Visit(again.Body);
                    Visit(again.Condition);
                });
                break;
            default:
                VisitAll(loop.ChildOperations);
                break;
        }
    }

    /// <summary>What a turn of the loop leaves behind is what the next one meets: walked once silently to learn it, then for good.</summary>
    private void Loop(Action turn)
    {
        FlowState entry = _state;
        if (!entry.IsTrivial)
        {
            _muted++;
            turn();
            _muted--;
            entry = FlowState.Join(entry, _state);
        }
        _state = entry;
        turn();
        _state = FlowState.Join(entry, _state);
    }

    private void VisitTry(ITryOperation attempt)
    {
        FlowState before = _state;
        Visit(attempt.Body);
        FlowState after = _state;
        // An exception may come from anywhere in the body.
        FlowState thrown = FlowState.Join(before, after);
        FlowState joined = after;
        foreach (ICatchClauseOperation caught in attempt.Catches)
        {
            _state = thrown;
            Visit(caught.Filter);
            Visit(caught.Handler);
            joined = FlowState.Join(joined, _state);
        }
        if (attempt.Finally is null)
        {
            _state = joined;
            return;
        }
        bool isReachable = joined.IsReachable;
        _state = isReachable ? FlowState.Join(joined, thrown) : thrown;
        if (isReachable && before.Holds.Equals(joined.Holds))
            _state = joined;
        Visit(attempt.Finally);
        if (!isReachable)
            _state = _state.Unreachable();
    }

    private void VisitSwitch(ISwitchOperation choice)
    {
        Visit(choice.Value);
        FlowState before = _state;
        FlowState after = before.Unreachable();
        bool hasDefault = false;
        foreach (ISwitchCaseOperation part in choice.Cases)
        {
            _state = before;
            foreach (ICaseClauseOperation clause in part.Clauses)
            {
                hasDefault |= clause is IDefaultCaseClauseOperation;
                Visit(clause);
                if (part.Clauses.Length == 1 && GateOf(choice.Value) && clause is ISingleValueCaseClauseOperation { Value.ConstantValue: { HasValue: true, Value: bool wanted } })
                    _state = _state.With(wanted ? Gate.OnlyLocked : Gate.OnlyUnlocked);
            }
            bool fell = false;
            foreach (IOperation statement in part.Body)
            {
                // A break leaves the switch, not what is around it.
                fell |= _state.IsReachable && EndsWithBreak(statement);
                FlowState here = _state;
                Visit(statement);
                if (!_state.IsReachable && fell)
                    after = FlowState.Join(after, statement is IBranchOperation ? here : WithoutEnd(here));
            }
            after = FlowState.Join(after, _state);
        }
        _state = hasDefault ? after : FlowState.Join(after, before);

        static bool EndsWithBreak(IOperation statement) => statement.DescendantsAndSelf().Any(inner => inner is IBranchOperation { BranchKind: BranchKind.Break });
        static FlowState WithoutEnd(FlowState state) => state;
    }

    private void VisitSwitchExpression(ISwitchExpressionOperation choice)
    {
        Visit(choice.Value);
        FlowState before = _state;
        FlowState after = before.Unreachable();
        foreach (ISwitchExpressionArmOperation arm in choice.Arms)
        {
            _state = before;
            Visit(arm.Pattern);
            if (GateOf(choice.Value) && arm.Pattern is IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool wanted } })
                _state = _state.With(wanted ? Gate.OnlyLocked : Gate.OnlyUnlocked);
            if (arm.Guard is { } guard)
                (_state, _) = VisitCondition(guard);
            Visit(arm.Value);
            after = FlowState.Join(after, _state);
        }
        _state = after;
    }

    private void VisitReturn(IReturnOperation back)
    {
        if (back.ReturnedValue is { } value)
        {
            if (value.Type?.TypeKind == TypeKind.Delegate)
                EmitEscape(EvaluateDelegate(value), value.Syntax);
            else
                Visit(value);
            if (back.Kind == OperationKind.Return && (LeaseOf(value) ?? HoldOf(Variable(value))) is { } lease && !lease.Atom.IsNothing)
                _function.Returned ??= lease.Atom;
        }
        if (back.Kind == OperationKind.YieldReturn || back.Kind == OperationKind.YieldBreak)
            _function.IsIterator = true;
        if (back.Kind != OperationKind.YieldReturn && !back.IsImplicit)
            _state = _state.Unreachable();
    }

    private LocalHold? HoldOf(ISymbol? variable) =>
        variable is null ? null : _state.Holds.FirstOrDefault(hold => SymbolEqualityComparer.Default.Equals(hold.Lease, variable));

    private void VisitDeclarator(IVariableDeclaratorOperation declarator)
    {
        IOperation? value = declarator.Initializer?.Value ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer?.Value;
        if (value is null)
            return;
        Bind(declarator.Symbol, value);
    }

    /// <summary>Gives a variable a value, and remembers of it what can be followed.</summary>
    private void Bind(ISymbol variable, IOperation value)
    {
        if (value.Type?.TypeKind == TypeKind.Delegate || (value is IConversionOperation { Operand: IDelegateCreationOperation } && !IsExpressionTree(value.Type)))
        {
            DelegateSet delegates = EvaluateDelegate(value);
            if (_environment.Delegates.TryGetValue(variable, out DelegateSet? known))
                known.Add(delegates);
            else
                _environment.Delegates.Add(variable, delegates);
            return;
        }
        Visit(value);
        if (LeaseOf(value) is { } lease)
        {
            _state = _state.Without(variable).With(lease with { Lease = variable });
            return;
        }
        if (HoldOf(Variable(value)) is { } moved)
        {
            // The lease has another name now.
            _state = _state.Without(moved.Lease!).With(moved with { Lease = variable });
            return;
        }
        char origin = OriginOf(value);
        _environment.Origins[variable] = _environment.Origins.TryGetValue(variable, out char before) ? Origin.Join(before, origin) : origin;
        IOperation bare = Bare(value);
        if (IsCondition(bare))
            _environment.Conditions[variable] = bare;
        if (IsNetOfObject(bare))
            _environment.NetsOfObjects.Add(variable);
        bool isRef = variable is ILocalSymbol { RefKind: not RefKind.None };
        if (isRef || Mutability.IsMutableCollection(bare.Type))
        {
            if (MemberOf(bare) is { } member && _program.Facts.GuardOf(member.Symbol) is { } guard)
                _environment.Aliases[variable] = (member.Symbol, guard, OriginOf(member.Instance, member.Symbol.IsStatic));
            else if (Variable(bare) is { } other && _environment.Aliases.TryGetValue(other, out (ISymbol Member, LockAtom Atom, char Receiver) alias))
                _environment.Aliases[variable] = alias;
            else
                _environment.Aliases.Remove(variable);
        }
    }

    /// <summary>Conversions, parentheses and the like taken off; of a ?? or ?. what it begins with.</summary>
    private static IOperation Bare(IOperation operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                case ICoalesceOperation coalesce:
                    operation = coalesce.Value;
                    break;
                default:
                    return operation;
            }
        }
    }

    private static (ISymbol Symbol, IOperation? Instance)? MemberOf(IOperation operation) => operation switch
    {
        IFieldReferenceOperation field => (field.Field, field.Instance),
        IPropertyReferenceOperation property => (property.Property, property.Instance),
        IEventReferenceOperation raised => (raised.Event, raised.Instance),
        _ => null,
    };

    /// <summary>The local or parameter that an expression is.</summary>
    private static ISymbol? Variable(IOperation? operation) => operation is null ? null : Bare(operation) switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IDeclarationExpressionOperation { Expression: ILocalReferenceOperation local } => local.Local,
        _ => null,
    };

    private static bool IsExpressionTree(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Expression", ContainingNamespace: { Name: "Expressions", ContainingNamespace.Name: "Linq" } };

    /// <summary>x is { } y: y is x.</summary>
    private void NoteDeclared(IPatternOperation pattern, IOperation value)
    {
        if (pattern is INegatedPatternOperation negated)
            pattern = negated.Pattern;
        ISymbol? declared = pattern switch
        {
            IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
            IRecursivePatternOperation recursive => recursive.DeclaredSymbol,
            _ => null,
        };
        if (declared is null)
            return;
        if (value.Type?.TypeKind == TypeKind.Delegate)
            _environment.Delegates[declared] = EvaluateDelegate(value);
        else
            _environment.Origins[declared] = OriginOf(value);
        if (Mutability.IsMutableCollection(value.Type) && MemberOf(Bare(value)) is { } member && _program.Facts.GuardOf(member.Symbol) is { } guard)
            _environment.Aliases[declared] = (member.Symbol, guard, OriginOf(member.Instance, member.Symbol.IsStatic));
    }

    /// <summary>
    /// Before the generators have run a call may not bind, though it names a method: its constraints are met by what they will write.
    /// </summary>
    private void VisitInvalid(IInvalidOperation invalid)
    {
        IMethodSymbol[] candidates = invalid.Syntax is InvocationExpressionSyntax && invalid.SemanticModel is { } model
            ? [.. model.GetSymbolInfo(invalid.Syntax, _cancellation).CandidateSymbols.OfType<IMethodSymbol>()]
            : [];
        if (candidates.Length == 0)
        {
            VisitAll(invalid.ChildOperations);
            EmitUnknown(invalid.Syntax, "something that does not bind");
            return;
        }
        // Whichever of them it is.
        foreach (IMethodSymbol candidate in candidates)
            VisitCandidate(invalid, (InvocationExpressionSyntax)invalid.Syntax, candidate);
    }

    private void VisitCandidate(IInvalidOperation invalid, InvocationExpressionSyntax call, IMethodSymbol only)
    {
        int shift = only.ReducedFrom is null ? 0 : 1;
        char[] origins = Enumerable.Repeat(Origin.Unknown, only.Parameters.Length + shift).ToArray();
        char receiver = only.IsStatic ? Origin.Shared : Origin.Slot(0);
        var delegates = ImmutableArray.CreateBuilder<(IParameterSymbol, DelegateSet)>();
        foreach (IOperation child in invalid.ChildOperations)
        {
            int at = call.ArgumentList.Arguments.IndexOf(argument => argument.NameColon is null && argument.Expression == child.Syntax);
            if (at >= 0 && at < only.Parameters.Length && only.Parameters[at].Type.TypeKind == TypeKind.Delegate)
            {
                delegates.Add((only.Parameters[at].OriginalDefinition, EvaluateDelegate(child)));
                continue;
            }
            Visit(child);
            if (at >= 0 && at + shift < origins.Length)
                origins[at + shift] = OriginOf(child);
            else if (at < 0 && call.Expression is MemberAccessExpressionSyntax access && access.Expression == child.Syntax)
                receiver = OriginOf(child);
        }
        if (shift > 0)
            origins[0] = receiver;
        EmitCall(only, call, receiver, new string(origins), delegates.ToImmutable(), virtualOn: only.IsVirtual || only.IsAbstract || only.IsOverride ? only.ContainingType : null);
    }
}
