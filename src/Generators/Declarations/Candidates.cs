using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>
/// Finds, by spelling alone, the declarations that may carry one of some attributes. Bodies are not entered, and nothing is bound, so an
/// assembly's other attributes cost nothing.
/// </summary>
internal sealed class Candidates
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <param name="attributes">The attributes' full names.</param>
    /// <param name="trees">The whole compilation: a global alias holds in every file.</param>
    /// <param name="cancellation">Ends the search.</param>
    public Candidates(IEnumerable<string> attributes, IEnumerable<SyntaxTree> trees, CancellationToken cancellation)
    {
        foreach (string attribute in attributes)
        {
            string name = attribute.Substring(attribute.LastIndexOf('.') + 1);
            _names.Add(name);
            _names.Add(name.Substring(0, name.Length - "Attribute".Length));
        }
        foreach (SyntaxTree tree in trees)
        {
            if (tree.GetRoot(cancellation) is CompilationUnitSyntax unit)
                AddAliases(unit.Usings.Where(found => !found.GlobalKeyword.IsKind(SyntaxKind.None)), _names);
        }
    }

    /// <summary>Methods and types of a tree that have an attribute spelt so, in the order of the text.</summary>
    public IEnumerable<MemberDeclarationSyntax> In(SyntaxTree tree, CancellationToken cancellation)
    {
        if (tree.GetRoot(cancellation) is not CompilationUnitSyntax unit)
            yield break;
        var names = new HashSet<string>(_names, StringComparer.Ordinal);
        AddAliases(unit.Usings, names);
        foreach (MemberDeclarationSyntax member in Members(unit, names))
        {
            if (member.AttributeLists.Any(list => list.Attributes.Any(attribute => names.Contains(Last(attribute.Name)))))
                yield return member;
        }
    }

    private static IEnumerable<MemberDeclarationSyntax> Members(SyntaxNode outer, HashSet<string> names)
    {
        foreach (SyntaxNode node in outer.ChildNodes())
        {
            if (node is MethodDeclarationSyntax method)
                yield return method;
            if (node is not (TypeDeclarationSyntax or BaseNamespaceDeclarationSyntax))
                continue;
            if (node is TypeDeclarationSyntax type)
                yield return type;
            else if (node is BaseNamespaceDeclarationSyntax space)
                AddAliases(space.Usings, names);
            foreach (MemberDeclarationSyntax inner in Members(node, names))
                yield return inner;
        }
    }

    /// <summary>An alias of one of the attributes, or of another alias of it, is one of their names.</summary>
    private static void AddAliases(IEnumerable<UsingDirectiveSyntax> usings, HashSet<string> names)
    {
        foreach (UsingDirectiveSyntax found in usings)
        {
            if (found is { Alias.Name.Identifier.ValueText: var alias, NamespaceOrType: NameSyntax target } && names.Contains(Last(target)))
            {
                names.Add(alias);
                if (alias.EndsWith("Attribute", StringComparison.Ordinal))
                    names.Add(alias.Substring(0, alias.Length - "Attribute".Length));
            }
        }
    }

    private static string Last(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax qualified => qualified.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
