using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators.CodeFixes;

/// <summary>The words in attributes, and in what findings want.</summary>
internal static class LockWords
{
    public const string Rtnl = "Rtnl";
    public const string PerNet = "PerNet";
    public const string Unlocked = "Unlocked";

    /// <summary>By their values, the strongest first.</summary>
    public static readonly string[] All = [Rtnl, PerNet, Unlocked];

    /// <summary>The word that a finding wants; null where it wants a lock of a user's own.</summary>
    public static string? Parse(string? wanted) => wanted is not null && All.Contains(wanted) ? wanted : null;

    /// <summary>Whether the one allows more than the other.</summary>
    public static bool IsStronger(string word, string than) => Array.IndexOf(All, word) < Array.IndexOf(All, than);

    /// <summary>The runtime's attribute of that name on a member; the first of those that are written there.</summary>
    public static AttributeSyntax? Find(SyntaxNode member, SemanticModel model, Func<string, bool> isWanted, CancellationToken cancellation) => Lists(member)
        .SelectMany(list => list.Attributes)
        .FirstOrDefault(attribute => model.GetTypeInfo(attribute, cancellation).Type is { } type && Scope.IsRuntimes(type, type.Name) && isWanted(type.Name));

    /// <summary>The arguments of an attribute that are words, but for those with the name that is to be left out.</summary>
    public static IEnumerable<AttributeArgumentSyntax> Arguments(AttributeSyntax attribute, SemanticModel model, string but, CancellationToken cancellation) =>
        (attribute.ArgumentList?.Arguments ?? default)
            .Where(argument => argument.NameEquals?.Name.Identifier.ValueText != but && Scope.IsRuntimes(model.GetTypeInfo(argument.Expression, cancellation).Type, "RtnlLock"));

    /// <summary>The word that an argument names; null where it names none.</summary>
    public static string? Value(AttributeArgumentSyntax argument, SemanticModel model, CancellationToken cancellation) =>
        model.GetConstantValue(argument.Expression, cancellation) is { HasValue: true, Value: int value } && value >= 0 && value < All.Length ? All[value] : null;

    private static SyntaxList<AttributeListSyntax> Lists(SyntaxNode member) => member switch
    {
        MemberDeclarationSyntax declaration => declaration.AttributeLists,
        LocalFunctionStatementSyntax local => local.AttributeLists,
        _ => default,
    };
}
