using Microsoft.CodeAnalysis;

namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>Writes a caller that holds nothing.</summary>
internal static class CallerProbe
{
    /// <summary>A method that calls another without any lock; null where the other is private.</summary>
    public static string? Source(IMethodSymbol method)
    {
        if (method.DeclaredAccessibility == Accessibility.Private)
            return null;
        string type = method.ContainingType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        var parameters = method.Parameters.Select(parameter =>
            $"{Modifier(parameter.RefKind)}{parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)} {parameter.Name}").ToList();
        string arguments = string.Join(", ", method.Parameters.Select(parameter => $"{Modifier(parameter.RefKind)}{parameter.Name}"));
        string receiver = type;
        if (!method.IsStatic)
        {
            receiver = "receiver";
            parameters.Insert(0, $"{type} receiver");
        }
        return $$"""
            internal static class LockProbe
            {
                internal static void Call({{string.Join(", ", parameters)}}) => {{receiver}}.{{method.Name}}({{arguments}});
            }
            """;
    }

    private static string Modifier(RefKind kind) => kind switch
    {
        RefKind.None => "",
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        _ => "in ",
    };
}
