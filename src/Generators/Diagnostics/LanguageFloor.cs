using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>
/// The lowest language version that compiles what is generated: the asserting accessors of [GuardedBy] properties say <c>field</c>. It is the default of
/// net10.0, below which the runtime does not go either, so that a project needs to say nothing. Below it nothing is generated: the compiler would report
/// the generated code and not the project.
/// </summary>
internal static class LanguageFloor
{
    public const LanguageVersion Version = LanguageVersion.CSharp14;

    /// <summary>Whether a file, and with it its project, is compiled as less.</summary>
    public static bool IsAbove(SyntaxTree? tree) => tree?.Options is CSharpParseOptions { LanguageVersion: < Version };

    /// <summary>What is said of a declaration there.</summary>
    public static Failure At(ISymbol symbol, SyntaxTree tree) =>
        Failure.At(symbol, DiagnosticIds.RTNL009LanguageVersionTooLow, Version.ToDisplayString(), ((CSharpParseOptions)tree.Options).LanguageVersion.ToDisplayString());
}
