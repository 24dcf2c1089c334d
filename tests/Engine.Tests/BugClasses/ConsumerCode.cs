using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Engine.Tests.BugClasses;

/// <summary>Code as a user would write it, against the framework's public face.</summary>
internal static class ConsumerCode
{
    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>The compiler's errors about the members of a class.</summary>
    public static IEnumerable<string> Errors(string members)
    {
        string source = $$"""
            using System;
            using System.Threading;
            using System.Threading.Tasks;
            using SmallRtnl;
            public sealed class Consumer
            {
                {{members}}
            }
            """;
        var compilation = CSharpCompilation.Create(
            "Consumer",
            [CSharpSyntaxTree.ParseText(source)],
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        return [.. compilation.Emit(Stream.Null).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Id).Distinct()];
    }
}
