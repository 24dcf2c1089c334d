using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SmallRtnl.Generators.Tests;

/// <summary>Across assemblies the annotations in metadata count, and what says nothing is unknown.</summary>
public sealed class CrossAssemblyTests
{
    private const string Library = """
        namespace Library;
        public delegate void Plain();
        [RequiresLock(PerNet)] public delegate void Change();
        public static class Store
        {
            [GuardedBy(PerNet)] public static int Count;
            public static void Silent() { }
            [RequiresLock(Unlocked)] public static void Harmless() { }
            [RequiresLock(PerNet)] public static void Put() { }
            [Excludes(PerNet)] public static void Flush() { }
            [Acquires(Rtnl)] public static void TakeAll() { }
            public static void Later([RequiresLock(Unlocked)] System.Action action) => action();
            [RequiresLock(PerNet)] public static void Each([RequiresLock(PerNet)] System.Action action) => action();
        }
        public interface IPlugIn { [RequiresLock(PerNet)] void Run(); }
        """;

    [Theory]
    [InlineData("Unlocked", "Library.Store.Silent();", "RTNL113")]
    [InlineData("Unlocked", "Library.Store.Harmless();", "")]
    [InlineData("Unlocked", "Library.Store.Put();", "RTNL102")]
    [InlineData("PerNet", "Library.Store.Put();", "")]
    [InlineData("Unlocked", "Library.Store.Count++;", "RTNL101")]
    [InlineData("PerNet", "Library.Store.Count++;", "")]
    [InlineData("PerNet", "Library.Store.Flush();", "RTNL109")]
    [InlineData("Unlocked", "Library.Store.Flush();", "")]
    [InlineData("PerNet", "Library.Store.TakeAll();", "RTNL104")]
    [InlineData("PerNet", "Library.Store.Later(() => Library.Store.Count++);", "RTNL101,RTNL113")]
    [InlineData("PerNet", "Library.Store.Each(() => Library.Store.Count++);", "")]
    [InlineData("Unlocked", "Library.IPlugIn plugIn = null!; plugIn.Run();", "RTNL102")]
    [InlineData("PerNet", "Library.IPlugIn plugIn = null!; plugIn.Run();", "")]
    public async Task A_call_into_another_assembly(string word, string statement, string ids)
    {
        CSharpCompilation library = GeneratorHarness.Compile("Library", Library);
        using var image = new MemoryStream();
        Assert.True(library.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        image.Position = 0;
        string text = $"public sealed class H {{ [DoIt(RTM_NEWADDR, Lock = {word})] public RtnlResult New(in Request request) {{ {statement} return RtnlResult.Ok; }} }}";
        var program = new CorpusProgram("", "File.cs", "", IsWrong: true, text);
        CSharpCompilation compilation = program.Compile().AddReferences(MetadataReference.CreateFromStream(image));
        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers([new LockDisciplineAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ids, string.Join(",", found.Select(diagnostic => diagnostic.Id).Where(id => id is not ("RTNL110" or "RTNL111")).Distinct().Order(StringComparer.Ordinal)));
    }
}
