using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace SmallRtnl.Engine.Tests;

/// <summary>
/// The engine's own source files, compiled against a scheduler: <c>Interlocked</c>, <c>Volatile</c> and <c>lock</c> become steps that a schedule
/// orders. What is checked is the code that ships, not a retelling of it.
/// </summary>
internal static partial class EngineModel
{
    private static readonly string[] s_engineFiles = ["NetMutex.cs", "RtnlGate.Entry.cs", "StripedCounter.cs", "LockWaiterQueue.cs"];

    /// <summary>Compiles the model.</summary>
    /// <param name="mutate">Changes a file's text; null for the engine as it is.</param>
    public static IReadOnlyList<IModelProgram> Compile(Func<string, string, string>? mutate = null)
    {
        string root = RepositoryRoot();
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        List<SyntaxTree> trees = [];
        foreach (string file in s_engineFiles)
        {
            string text = File.ReadAllText(Path.Combine(root, "src", "Framework", "Locking", file));
            text = mutate?.Invoke(file, text) ?? text;
            trees.Add(CSharpSyntaxTree.ParseText(LockStatement().Replace(text, "using (ModelMonitor.Enter($1))"), options, file));
        }
        foreach (string file in Directory.EnumerateFiles(Path.Combine(root, "tests", "Engine.Tests", "Model"), "*.cs"))
            trees.Add(CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file));
        trees.Add(CSharpSyntaxTree.ParseText("global using System; global using System.Threading; global using System.Threading.Tasks; global using System.Collections.Generic;", options));

        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        IEnumerable<MetadataReference> references = trusted.Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Append(typeof(EngineModel).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
        CSharpCompilation compilation = CSharpCompilation.Create(
            $"EngineModel{Guid.NewGuid():N}",
            trees,
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        EmitResult result = compilation.Emit(image);
        if (!result.Success)
            throw new InvalidOperationException(string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        image.Position = 0;
        Assembly assembly = new ModelLoadContext().LoadFromStream(image);
        return (IReadOnlyList<IModelProgram>)assembly.GetType("SmallRtnl.Programs")!.GetProperty("All")!.GetValue(null)!;
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Framework.sln")))
            directory = directory.Parent;
        return directory?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    [GeneratedRegex(@"\block \(([^()]+)\)")]
    private static partial Regex LockStatement();

    private sealed class ModelLoadContext() : AssemblyLoadContext(isCollectible: true)
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == typeof(EngineModel).Assembly.GetName().Name ? typeof(EngineModel).Assembly : null;
    }
}
