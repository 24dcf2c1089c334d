using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SmallRtnl.Generators;

/// <summary>Whether a reference to state changes it: what counts is the state, so a call of Add on a guarded list is a write.</summary>
internal static class Mutability
{
    private static readonly string[] s_changing =
    [
        "Add", "TryAdd", "Append", "Clear", "Dequeue", "TryDequeue", "Enqueue", "EnsureCapacity", "ExceptWith", "GetOrAdd", "Insert", "IntersectWith", "Pop", "TryPop", "Push",
        "Remove", "TryRemove", "Replace", "Reverse", "Set", "Sort", "SymmetricExceptWith", "TrimExcess", "Fill", "UnionWith", "Update", "TryUpdate", "Swap", "Shift",
    ];

    /// <summary>A collection that changes in place.</summary>
    public static bool IsMutableCollection(ITypeSymbol? type)
    {
        if (type is IArrayTypeSymbol)
            return true;
        if (type is not INamedTypeSymbol { ContainingNamespace: { } place } named)
            return false;
        string space = place.ToDisplayString();
        if (space == "System.Text")
            return named.Name == "StringBuilder";
        if (!space.StartsWith("System.Collections", StringComparison.Ordinal) || space.StartsWith("System.Collections.Immutable", StringComparison.Ordinal) || space.StartsWith("System.Collections.Frozen", StringComparison.Ordinal))
            return false;
        return named.Name is not ("IEnumerable" or "IEnumerator" or "IComparer" or "IEqualityComparer" or "KeyValuePair" or "Comparer" or "EqualityComparer")
            && !named.Name.StartsWith("IReadOnly", StringComparison.Ordinal)
            && !named.Name.StartsWith("ReadOnly", StringComparison.Ordinal);
    }

    /// <summary>What is itself a lock, or is read by anybody and replaced under a lock (<c>Rcu&lt;T&gt;</c>): reading the member needs nothing.</summary>
    public static bool IsReadByAnybody(ITypeSymbol? type) => KnownNames.Is(type, "Rcu") || KnownNames.Is(type, "AtomicRcu") || IsLock(type);

    /// <summary>A lock itself.</summary>
    public static bool IsLock(ITypeSymbol? type)
    {
        if (type is INamedTypeSymbol { Name: "Lock", ContainingNamespace: { Name: "Threading" } })
            return true;
        for (ITypeSymbol? each = type; each is not null; each = each.BaseType)
        {
            if (KnownNames.Is(each, "LockClass"))
                return true;
        }
        return false;
    }

    /// <summary>A collection that many may change at once.</summary>
    public static bool IsConcurrent(ITypeSymbol? type) =>
        type is INamedTypeSymbol { ContainingNamespace: { Name: "Concurrent", ContainingNamespace: { Name: "Collections" } } };

    /// <summary>Whether what stands around a reference changes what is referred to.</summary>
    public static bool IsChanged(IOperation reference)
    {
        IOperation inner = reference;
        for (IOperation? outer = reference.Parent; outer is not null; inner = outer, outer = outer.Parent)
        {
            switch (outer)
            {
                case IAssignmentOperation assignment:
                    return assignment.Target == inner || (assignment is ISimpleAssignmentOperation { IsRef: true });
                case IIncrementOrDecrementOperation:
                case IAddressOfOperation:
                    return true;
                case IArgumentOperation argument:
                    if (argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out })
                        return true;
                    return argument.Parent is IInvocationOperation receiving && ChangesArgument(receiving, argument);
                case ITupleOperation:
                    continue;
                case IConversionOperation or IParenthesizedOperation:
                    continue;
                case IFieldReferenceOperation field when field.Instance == inner:
                    if (inner.Type is { IsValueType: true })
                        continue;
                    return false;
                case IPropertyReferenceOperation property when property.Instance == inner:
                    if (inner.Type is { IsValueType: true } || IsMutableCollection(inner.Type))
                        continue;
                    return false;
                case IArrayElementReferenceOperation element when element.ArrayReference == inner:
                case IInlineArrayAccessOperation:
                case IImplicitIndexerReferenceOperation:
                    continue;
                case IConditionalAccessOperation conditional when conditional.Operation == inner:
                    return conditional.WhenNotNull.DescendantsAndSelf().OfType<IInvocationOperation>()
                        .Any(chained => chained.Instance is IConditionalAccessInstanceOperation && Changes(chained.TargetMethod, inner.Type));
                case IInvocationOperation call when call.Instance == inner:
                    return Changes(call.TargetMethod, inner.Type);
                case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol.RefKind: RefKind.Ref } }:
                    return true;
                case IReturnOperation:
                    return outer.SemanticModel?.GetEnclosingSymbol(outer.Syntax.SpanStart) is IMethodSymbol { ReturnsByRef: true };
                default:
                    return false;
            }
        }
        return false;
    }

    /// <summary>
    /// Whether a collection leaves as something that can be changed: to a method of this compilation, or to the caller. Who gets it under an
    /// interface that only reads is taken at its word.
    /// </summary>
    public static bool IsHandedOver(IOperation reference)
    {
        if (!IsMutableCollection(reference.Type))
            return false;
        IOperation value = reference;
        while (value.Parent is IConversionOperation or IParenthesizedOperation or IConditionalOperation or ICoalesceOperation)
            value = value.Parent;
        return IsMutableCollection(value.Type) && value.Parent switch
        {
            IArgumentOperation { Parameter.ContainingSymbol.Locations: [{ IsInSource: true }, ..] } => true,
            IReturnOperation => true,
            _ => false,
        };
    }

    private static bool ChangesArgument(IInvocationOperation call, IArgumentOperation argument)
    {
        string type = call.TargetMethod.ContainingType?.Name ?? "";
        if (type == "CollectionsMarshal")
            return call.TargetMethod.Name != "AsSpan";
        if (type == "Array")
            return argument.Parameter?.Ordinal == 0 && (IsChangingName(call.TargetMethod.Name) || call.TargetMethod.Name is "Resize");
        // An extension method's receiver.
        return call.TargetMethod.IsExtensionMethod && argument.Parameter?.Ordinal == 0 && type == "CollectionExtensions" && IsChangingName(call.TargetMethod.Name);
    }

    private static bool Changes(IMethodSymbol method, ITypeSymbol? receiver)
    {
        if (IsMutableCollection(receiver))
            return IsChangingName(method.Name);
        // A struct of this compilation that changes itself.
        return receiver is { IsValueType: true, Locations: [{ IsInSource: true }, ..] } && !method.IsReadOnly && !receiver.IsReadOnly && method.MethodKind == MethodKind.Ordinary
            && !method.IsOverride;
    }

    private static bool IsChangingName(string name)
    {
        foreach (string prefix in s_changing)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal) && (name.Length == prefix.Length || !char.IsLower(name[prefix.Length])))
                return true;
        }
        return false;
    }
}
