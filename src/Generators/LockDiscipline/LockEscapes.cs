using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>RTNL112: every escape has a reason and something to excuse.</summary>
internal static class LockEscapes
{
    public static void Report(LockProgram program, LockAudit audit, List<Diagnostic> reported, CancellationToken cancellation)
    {
        var found = new List<Diagnostic>();
        foreach ((ISymbol member, AttributeData attribute, bool isNeeded) in audit.Escapes)
        {
            Location at = attribute.ApplicationSyntaxReference is { } reference ? reference.GetSyntax(cancellation).GetLocation() : member.Locations[0];
            bool hasReason = attribute.ConstructorArguments is [{ Value: string reason }] && reason.Trim().Length > 0;
            if (!hasReason)
                found.Add(Diagnostic.Create(LockDescriptors.EscapeWithoutReason, at, Function.NameOf(member), "gives no reason"));
            else if (!isNeeded)
                found.Add(Diagnostic.Create(LockDescriptors.EscapeWithoutReason, at, Function.NameOf(member), "is no longer needed"));
        }
        foreach (SyntaxTree tree in program.Compilation.SyntaxTrees)
        {
            if (!LockProgram.IsGenerated(tree) && tree.GetRoot(cancellation) is { ContainsDirectives: true } root)
                CheckPragmas(root, reported, found);
        }
        CheckSuppressions(audit, reported, found, cancellation);
        reported.AddRange(found);
    }

    private static void CheckPragmas(SyntaxNode root, List<Diagnostic> reported, List<Diagnostic> found)
    {
        var disabled = new Dictionary<string, PragmaWarningDirectiveTriviaSyntax>(StringComparer.Ordinal);
        for (DirectiveTriviaSyntax? directive = root.GetFirstDirective(); directive is not null; directive = directive.GetNextDirective())
        {
            if (directive is not PragmaWarningDirectiveTriviaSyntax pragma)
                continue;
            foreach (ExpressionSyntax code in pragma.ErrorCodes)
            {
                string id = code.ToString().Trim();
                if (!IsOurs(id))
                    continue;
                if (pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword))
                {
                    disabled[id] = pragma;
                    if (!HasComment(pragma))
                        found.Add(Diagnostic.Create(LockDescriptors.EscapeWithoutReason, code.GetLocation(), $"#pragma warning disable {id}", "gives no reason; write it behind the id as a comment"));
                }
                else if (disabled.TryGetValue(id, out PragmaWarningDirectiveTriviaSyntax? from))
                {
                    disabled.Remove(id);
                    CheckRegion(from, id, pragma.SpanStart);
                }
            }
        }
        foreach (KeyValuePair<string, PragmaWarningDirectiveTriviaSyntax> open in disabled)
            CheckRegion(open.Value, open.Key, root.FullSpan.End);

        void CheckRegion(PragmaWarningDirectiveTriviaSyntax from, string id, int end)
        {
            bool isNeeded = reported.Any(diagnostic => diagnostic.Id == id
                && diagnostic.Location.SourceTree == root.SyntaxTree
                && diagnostic.Location.SourceSpan.Start >= from.SpanStart
                && diagnostic.Location.SourceSpan.Start < end);
            if (!isNeeded)
                found.Add(Diagnostic.Create(LockDescriptors.EscapeWithoutReason, from.GetLocation(), $"#pragma warning disable {id}", "is no longer needed"));
        }
    }

    private static bool HasComment(PragmaWarningDirectiveTriviaSyntax pragma) =>
        pragma.DescendantTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) && trivia.ToString().Trim('/', ' ').Length > 0);

    private static void CheckSuppressions(LockAudit audit, List<Diagnostic> reported, List<Diagnostic> found, CancellationToken cancellation)
    {
        foreach (INamedTypeSymbol type in audit.Types)
        {
            foreach (ISymbol member in type.GetMembers().Prepend(type))
            {
                foreach (AttributeData attribute in member.GetAttributes())
                {
                    if (attribute.AttributeClass is not { Name: "SuppressMessageAttribute" or "UnconditionalSuppressMessageAttribute" }
                        || attribute.ConstructorArguments is not [_, { Value: string check }, ..]
                        || check.Split(':')[0] is not { } id
                        || !IsOurs(id)
                        || attribute.ApplicationSyntaxReference is not { } reference)
                    {
                        continue;
                    }
                    Location at = reference.GetSyntax(cancellation).GetLocation();
                    if (string.IsNullOrWhiteSpace(KnownNames.Argument(attribute, "Justification") as string))
                        found.Add(Diagnostic.Create(LockDescriptors.EscapeWithoutReason, at, Function.NameOf(member), $"suppresses {id} without a justification"));
                    else if (!reported.Any(diagnostic => diagnostic.Id == id && IsIn(member, diagnostic.Location, cancellation)))
                        found.Add(Diagnostic.Create(LockDescriptors.EscapeWithoutReason, at, Function.NameOf(member), $"suppresses {id}, which is no longer needed"));
                }
            }
        }
    }

    private static bool IsIn(ISymbol member, Location location, CancellationToken cancellation) => member.DeclaringSyntaxReferences
        .Any(reference => reference.SyntaxTree == location.SourceTree && reference.GetSyntax(cancellation).FullSpan.Contains(location.SourceSpan));

    private static bool IsOurs(string id) => id.Length == 7 && id.StartsWith("RTNL1", StringComparison.Ordinal);
}
