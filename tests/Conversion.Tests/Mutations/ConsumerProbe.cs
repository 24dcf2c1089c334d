using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SmallRtnl.Generators;

namespace SmallRtnl.Conversion.Tests.Mutations;

/// <summary>A handler of somebody else's that reads our state: what it can prove rests on what our assembly says of itself.</summary>
internal static class ConsumerProbe
{
    private const string Source =
        """
        using SmallRtnl;
        using SmallRtnl.Addresses;

        public sealed class ConsumerHandlers
        {
            [DoIt((RtmType)126, Lock = RtnlLock.Unlocked)]
            public RtnlResult Get(in DoItRequest<AddressMessage> request) =>
                request.Read<AddressTable>().Of(ProtocolFamily.AF_INET, 1).IsEmpty ? RtnlResult.Error(Errno.ENOENT) : RtnlResult.Ok;
        }
        """;

    /// <summary>What keeps the consumer's handler from being proven against an image of our assembly.</summary>
    public static ImmutableArray<Diagnostic> Reports(byte[] image)
    {
        HandlerAssembly handlers = HandlerAssembly.Load();
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Consumer",
            [CSharpSyntaxTree.ParseText(Source, (CSharpParseOptions)handlers.Compilation.SyntaxTrees[0].Options, "/probe/Consumer.cs")],
            [.. handlers.Compilation.References, MetadataReference.CreateFromImage(image)],
            handlers.Compilation.Options);
        Assert.DoesNotContain(compilation.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return
        [
            .. compilation.WithAnalyzers([new LockDisciplineAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()
                .Where(diagnostic => diagnostic.Id == "RTNL113" || diagnostic.Severity >= DiagnosticSeverity.Warning),
        ];
    }
}
