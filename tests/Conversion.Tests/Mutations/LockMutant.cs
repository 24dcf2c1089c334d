using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>One lock-bearing line, removed or neutralised.</summary>
/// <param name="Key">File, member and line, without a line number: it survives edits elsewhere.</param>
/// <param name="Kind">What bears the lock.</param>
/// <param name="Tree">The file.</param>
/// <param name="Span">What bears it, as it stands.</param>
/// <param name="Change">What is done to it.</param>
internal sealed record LockMutant(string Key, string Kind, SyntaxTree Tree, TextSpan Span, TextChange Change)
{
    /// <summary>Whether nothing but metadata changes, so that no run of the program can tell the difference.</summary>
    public bool IsAnnotation { get; init; }

    /// <summary>The method that an annotation stands on.</summary>
    public IMethodSymbol? Annotated { get; init; }

    public override string ToString() => Key;
}
