using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators.CodeFixes;

/// <summary>What is seen from a place: how the runtime's names are written there, and how lines are.</summary>
internal sealed class Scope(SemanticModel model, int position, SourceText text)
{
    private readonly INamedTypeSymbol? _words = model.Compilation.GetTypeByMetadataName("SmallRtnl.RtnlLock");

    /// <summary>A lock word: PerNet, where it can be said so.</summary>
    public string Word(string word)
    {
        ISymbol? seen = model.GetSpeculativeSymbolInfo(position, SyntaxFactory.ParseExpression(word), SpeculativeBindingOption.BindAsExpression).Symbol;
        return seen is IFieldSymbol { IsConst: true } && SymbolEqualityComparer.Default.Equals(seen.ContainingType, _words) ? word : $"{Type(_words, "RtnlLock")}.{word}";
    }

    /// <summary>A lock as an attribute's argument: a word, or a lock class by its name; null where that name means nothing here.</summary>
    public string? Lock(string wanted)
    {
        if (LockWords.Parse(wanted) is { } word)
            return word == LockWords.Unlocked ? null : Word(word);
        return model.LookupNamespacesAndTypes(position, name: wanted) is [INamedTypeSymbol { Arity: 0 } custom] && DerivesFromLockClass(custom) ? $"typeof({wanted})" : null;
    }

    /// <summary>The runtime's attribute, without its suffix.</summary>
    public string Attribute(string name) => Type(model.Compilation.GetTypeByMetadataName($"SmallRtnl.{name}Attribute"), name).Replace("Attribute", "");

    /// <summary>A type as it is written here.</summary>
    public string Type(ITypeSymbol? type, string otherwise) => type?.ToMinimalDisplayString(model, position) ?? otherwise;

    /// <summary>Whether an expression can stand here and has the runtime's type of that name.</summary>
    public bool Has(string expression, string type) =>
        model.GetSpeculativeSymbolInfo(position, SyntaxFactory.ParseExpression(expression), SpeculativeBindingOption.BindAsExpression).Symbol is not null
        && IsRuntimes(model.GetSpeculativeTypeInfo(position, SyntaxFactory.ParseExpression(expression), SpeculativeBindingOption.BindAsExpression).Type, type);

    /// <summary>The names that can be said here, and have the runtime's type of that name; those nearest first.</summary>
    public IEnumerable<string> Named(string type) => model.LookupSymbols(position)
        .Where(symbol => !symbol.IsImplicitlyDeclared && IsRuntimes(TypeOf(symbol), type) && IsDeclaredBefore(symbol) && IsReachable(symbol))
        .OrderBy(symbol => symbol.Kind is SymbolKind.Local or SymbolKind.Parameter ? 0 : 1)
        .ThenBy(symbol => symbol.Name, StringComparer.Ordinal)
        .Select(symbol => symbol.Name)
        .Where(name => Has(name, type));

    /// <summary>The file's line ending.</summary>
    public string NewLine => text.Lines[0] is { } first && first.EndIncludingLineBreak - first.End == 2 ? "\r\n" : "\n";

    /// <summary>The white space that the line of a place begins with.</summary>
    public string IndentAt(int place)
    {
        string line = text.Lines.GetLineFromPosition(place).ToString();
        return line.Substring(0, line.Length - line.TrimStart().Length);
    }

    public static bool IsRuntimes(ITypeSymbol? type, string name) =>
        type is { ContainingNamespace: { Name: "SmallRtnl", ContainingNamespace.IsGlobalNamespace: true } } && type.Name == name;

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        IFieldSymbol field => field.Type,
        IPropertySymbol property => property.Type,
        _ => null,
    };

    private bool IsDeclaredBefore(ISymbol symbol) =>
        symbol is not ILocalSymbol || symbol.DeclaringSyntaxReferences.All(reference => reference.GetSyntax() is VariableDeclaratorSyntax declarator && declarator.Span.End < position);

    /// <summary>What is static sees nothing of what is around it; the compiler's speculation does not say so of primary constructors.</summary>
    private bool IsReachable(ISymbol symbol)
    {
        bool isMember = symbol is IFieldSymbol or IPropertySymbol;
        if (isMember && symbol.IsStatic)
            return true;
        for (ISymbol? around = model.GetEnclosingSymbol(position); around is IMethodSymbol or IFieldSymbol or IPropertySymbol; around = around.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(around, symbol.ContainingSymbol))
                return true;
            if (around.IsStatic || (isMember && around is not IMethodSymbol))
                return false;
        }
        return true;
    }

    private static bool DerivesFromLockClass(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? parent = type.BaseType; parent is not null; parent = parent.BaseType)
        {
            if (IsRuntimes(parent, "LockClass"))
                return true;
        }
        return false;
    }
}
