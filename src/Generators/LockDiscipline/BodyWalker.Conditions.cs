using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SmallRtnl.Generators;

/// <summary>Branches by IsLocked, TryLock and Holds.</summary>
internal sealed partial class BodyWalker
{
    private (FlowState WhenTrue, FlowState WhenFalse) VisitCondition(IOperation condition)
    {
        switch (condition)
        {
            case IParenthesizedOperation parenthesized:
                return VisitCondition(parenthesized.Operand);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                (FlowState whenFalse, FlowState whenTrue) = VisitCondition(not.Operand);
                return (whenTrue, whenFalse);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd, OperatorMethod: null } and:
                (FlowState leftTrue, FlowState leftFalse) = VisitCondition(and.LeftOperand);
                _state = leftTrue;
                (FlowState bothTrue, FlowState rightFalse) = VisitCondition(and.RightOperand);
                return (bothTrue, FlowState.Join(leftFalse, rightFalse));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr, OperatorMethod: null } or:
                (FlowState oneTrue, FlowState oneFalse) = VisitCondition(or.LeftOperand);
                _state = oneFalse;
                (FlowState otherTrue, FlowState bothFalse) = VisitCondition(or.RightOperand);
                return (FlowState.Join(oneTrue, otherTrue), bothFalse);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals, OperatorMethod: null } equal
                when equal.RightOperand.ConstantValue is { HasValue: true, Value: bool constant }:
                (FlowState same, FlowState different) = VisitCondition(equal.LeftOperand);
                return constant == (equal.OperatorKind == BinaryOperatorKind.Equals) ? (same, different) : (different, same);
            case IIsPatternOperation pattern when ConstantOf(pattern.Pattern) is { } wanted && pattern.Value.Type?.SpecialType == SpecialType.System_Boolean:
                (FlowState matched, FlowState unmatched) = VisitCondition(pattern.Value);
                return wanted ? (matched, unmatched) : (unmatched, matched);
            case IIsPatternOperation { Pattern: IRecursivePatternOperation { PropertySubpatterns: [{ Member: IPropertyReferenceOperation { Property: var asked }, Pattern: var answer }] } } pattern
                when IsLockedProperty(asked) && ConstantOf(answer) is { } wanted:
                Visit(pattern.Value);
                return (_state.With(wanted ? Gate.OnlyLocked : Gate.OnlyUnlocked), _state.With(wanted ? Gate.OnlyUnlocked : Gate.OnlyLocked));
            case ILocalReferenceOperation local when _environment.Conditions.TryGetValue(local.Local, out IOperation? known):
                return Refine(known);
            case { ConstantValue: { HasValue: true, Value: bool always } }:
                return always ? (_state, _state.Unreachable()) : (_state.Unreachable(), _state);
        }
        Visit(condition);
        return Refine(condition);
    }

    /// <summary>What the answer of a condition, evaluated already, says.</summary>
    private (FlowState WhenTrue, FlowState WhenFalse) Refine(IOperation condition)
    {
        switch (condition)
        {
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not:
                (FlowState whenFalse, FlowState whenTrue) = Refine(not.Operand);
                return (whenTrue, whenFalse);
            case IPropertyReferenceOperation property when IsLockedProperty(property.Property):
                return (_state.With(Gate.OnlyLocked), _state.With(Gate.OnlyUnlocked));
            case IInvocationOperation { TargetMethod.Name: "Holds", Arguments: [{ Value: var net }] } call when IsContext(call.TargetMethod.ContainingType):
                FlowState held = _state.With(Gate.OnlyLocked);
                return (Variable(net) is { } variable ? held.WithNet(variable) : held, _state);
            case IInvocationOperation call when TryLease(call) is { } lease:
                return (_state.With(lease), _state);
        }
        return (_state, _state);
    }

    private bool IsCondition(IOperation operation) => operation switch
    {
        IUnaryOperation { OperatorKind: UnaryOperatorKind.Not } not => IsCondition(not.Operand),
        IPropertyReferenceOperation property => IsLockedProperty(property.Property),
        IInvocationOperation call => TryLease(call) is not null,
        _ => false,
    };

    private static bool GateOf(IOperation operation) => operation is IPropertyReferenceOperation property && IsLockedProperty(property.Property);

    private static bool? ConstantOf(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool constant } } => constant,
        INegatedPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: bool constant } } } => !constant,
        _ => null,
    };

    private static bool IsLockedProperty(ISymbol property) =>
        property.Name == "IsLocked" && property.ContainingType is { } type && (KnownNames.Is(type, "DoItRequest") || IsContext(type));

    private static bool IsContext(ITypeSymbol? type) => KnownNames.Is(type, "RtnlContext") || KnownNames.Is(type, "RequestContext");

    /// <summary>The lock of a TryLock that succeeds.</summary>
    private LocalHold? TryLease(IInvocationOperation call)
    {
        if (call.Type?.SpecialType != SpecialType.System_Boolean)
            return null;
        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Parameter is { RefKind: RefKind.Out } && IsLease(argument.Value.Type, out bool crossesAwaits))
                return MakeHold(call, Variable(argument.Value), crossesAwaits);
        }
        return null;
    }

    /// <summary>The lock of the lease that an expression is.</summary>
    private LocalHold? LeaseOf(IOperation? operation)
    {
        if (operation is null || !IsLease(operation.Type, out bool crossesAwaits))
            return null;
        operation = Bare(operation);
        while (true)
        {
            switch (operation)
            {
                case IAwaitOperation wait:
                    operation = Bare(wait.Operation);
                    continue;
                case IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "GetAwaiter" or "GetResult" or "Preserve", Instance: { } inner }:
                    operation = Bare(inner);
                    continue;
                case IPropertyReferenceOperation { Property.Name: "Result", Instance: { } task }:
                    operation = Bare(task);
                    continue;
                case IInvocationOperation call:
                    return MakeHold(call, variable: null, crossesAwaits);
                default:
                    return null;
            }
        }
    }

    private LocalHold? MakeHold(IInvocationOperation call, ISymbol? variable, bool crossesAwaits)
    {
        foreach (LockAtom atom in _program.Facts.ContractOf(call.TargetMethod).Acquires)
            return new LocalHold(Specific(atom, call), null, variable, IsCertain: true, crossesAwaits);
        return _program.Facts.KindOf(call.TargetMethod) == SymbolFacts.AssemblyKind.Own
            ? new LocalHold(new LockAtom(LockWord.Unlocked), (IMethodSymbol)SymbolFacts.Normal(call.TargetMethod), variable, IsCertain: true, crossesAwaits)
            : null;
    }

    /// <summary>LockClass itself stands for the type of the lock at hand.</summary>
    private static LockAtom Specific(LockAtom atom, IInvocationOperation call)
    {
        if (!KnownNames.Is(atom.Custom, "LockClass"))
            return atom;
        ITypeSymbol? type = (call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } of ? Bare(of).Type : null;
        return type is INamedTypeSymbol named ? new LockAtom(LockWord.Unlocked, named.OriginalDefinition)
            : type is ITypeParameterSymbol { ConstraintTypes: [INamedTypeSymbol constraint, ..] } ? new LockAtom(LockWord.Unlocked, constraint.OriginalDefinition)
            : atom;
    }

    private static bool IsLease(ITypeSymbol? type, out bool crossesAwaits)
    {
        crossesAwaits = KnownNames.Is(type, "AsyncRtnlLease") || KnownNames.Is(type, "AsyncLockClassLease");
        return crossesAwaits || KnownNames.Is(type, "RtnlLease") || KnownNames.Is(type, "LockClassLease");
    }
}
