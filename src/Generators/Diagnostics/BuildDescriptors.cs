using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>
/// The rules about a project as a whole. The generator reports them itself: where generated code is missing or cannot be compiled, the compiler ends before any
/// analyzer is heard.
/// </summary>
internal static class BuildDescriptors
{
    private const string Category = "SmallRtnl.Build";

    public static readonly DiagnosticDescriptor TwoRegistrationsOfOneName = new(
        id: DiagnosticIds.RTNL008TwoRegistrationsOfOneName,
        title: "Two registrations of one name",
        messageFormat: "{0}",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL008TwoRegistrationsOfOneName));

    public static readonly DiagnosticDescriptor LanguageVersionTooLow = new(
        id: DiagnosticIds.RTNL009LanguageVersionTooLow,
        title: "The language version is too low",
        messageFormat: "Generated code needs C# {0}, the default of net10.0, and the project is compiled as C# {1}; remove LangVersion from the project, or raise it. Nothing has been generated.",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL009LanguageVersionTooLow));

    public static readonly DiagnosticDescriptor GeneratorFailed = new(
        id: DiagnosticIds.RTNL010GeneratorFailed,
        title: "The generator failed",
        messageFormat: "Nothing has been generated for '{0}', through a fault of the generator: {1}. Please report it; everything else has been generated.",
        category: Category,
        defaultSeverity: DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(DiagnosticIds.RTNL010GeneratorFailed));

    public static readonly ImmutableArray<DiagnosticDescriptor> All = [TwoRegistrationsOfOneName, LanguageVersionTooLow, GeneratorFailed];
}
