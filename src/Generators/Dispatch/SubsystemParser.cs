using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>From a [PernetSubsystem] class to its model.</summary>
internal static class SubsystemParser
{
    public static SubsystemModel? Parse(INamedTypeSymbol type, AttributeData attribute, Action<Problem>? report)
    {
        string? fault = null;
        if (type.IsAbstract || type.IsGenericType || !TypeNamer.IsAccessible(type))
            fault = "a subsystem's class is internal or public, neither abstract nor generic";
        else if (!type.AllInterfaces.Any(found => KnownNames.Is(found, "IPernetSubsystem")))
            fault = "a subsystem implements IPernetSubsystem";
        if (fault is not null)
        {
            report?.Invoke(new Problem(DiagnosticIds.RTNL006NotAccessibleToGeneratedCode, type.Name, fault));
            return null;
        }
        // What has no name yet is the compiler's to report.
        if (!TypeNamer.HasName(type))
            return null;
        int order = attribute.ConstructorArguments is [{ Value: int given }] ? given : 0;
        return new SubsystemModel(TypeNamer.Full(type), order);
    }
}
