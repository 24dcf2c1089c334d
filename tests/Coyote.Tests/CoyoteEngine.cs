using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using SmallRtnl.Engine.Tests.Exploration;

namespace SmallRtnl.Coyote.Tests;

/// <summary>
/// The engine's own source and the programs on it in one assembly, rewritten by Coyote. What Coyote does not control is bound to shims that it
/// does: their names are found before those of the base library. Nothing else is changed.
/// </summary>
internal static class CoyoteEngine
{
    private const string NamespaceLine = "namespace SmallRtnl;";

    private const string ShimUsing = "using SmallRtnl.Coyote.Tests.Shims;";

    private const string LockdepSwitch = "IsEnabled = !s_setting.Equals(\"off\", StringComparison.OrdinalIgnoreCase);";

    /// <summary>Coyote controls the builder that stands there by default.</summary>
    private const string PoolingBuilder = "[AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]";

    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.CSharp14, DocumentationMode.None);
    private static readonly Lazy<CSharpCompilation> s_compilation = new(CreateCompilation);
    private static readonly Lazy<Assembly> s_assembly = new(static () => Load(s_compilation.Value));

    /// <summary>A program on the engine as it is.</summary>
    public static Func<Task> Bind(CoyoteProgram program) => Bind(s_assembly.Value, program);

    /// <summary>A program on the engine with one text replaced by another, which must occur exactly once in the file.</summary>
    public static Func<Task> Bind(CoyoteProgram program, string file, string text, string replacement)
    {
        string source = Resource("engine/" + file);
        int at = source.IndexOf(text, StringComparison.Ordinal);
        Assert.True(at >= 0 && source.IndexOf(text, at + 1, StringComparison.Ordinal) < 0, $"{file} has changed: the mistake's text is not there exactly once: {text}");
        SyntaxTree before = s_compilation.Value.SyntaxTrees.Single(tree => tree.FilePath == file);
        return Bind(Load(s_compilation.Value.ReplaceSyntaxTree(before, ParseControlled(file, source.Remove(at, text.Length).Insert(at, replacement)))), program);
    }

    private static Func<Task> Bind(Assembly assembly, CoyoteProgram program) =>
        assembly.GetType("SmallRtnl.Programs", throwOnError: true)!
            .GetMethod("Bind", BindingFlags.Public | BindingFlags.Static)!
            .CreateDelegate<Func<string, string, Func<Task>>>()(program.Name, program.Mode.ToString());

    private static CSharpCompilation CreateCompilation()
    {
        Assert.Contains(LockdepSwitch, Resource("engine/Locking/Lockdep/Lockdep.cs"), StringComparison.Ordinal);
        List<SyntaxTree> trees = [Parse("GlobalUsings.cs", GlobalUsings)];
        foreach (string name in typeof(CoyoteEngine).Assembly.GetManifestResourceNames())
        {
            string text = Resource(name);
            string file = name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
            if (name.StartsWith("explored/", StringComparison.Ordinal) || file is "Locking/Lockdep/LockdepWait.cs" or "Locking/Lockdep/LockdepClass.cs")
                // What the engine calls although lockdep is off.
                trees.Add(Parse(file, text));
            else if (file.StartsWith("Locking/Lockdep/", StringComparison.Ordinal) || file is "Locking/LockTimeout.cs")
                // A checker, off here whatever the environment says, and what needs a clock.
                trees.Add(ParseDeclarations(file, text.Replace(LockdepSwitch, "IsEnabled = false;", StringComparison.Ordinal)));
            else if (file.StartsWith("Locking/", StringComparison.Ordinal) || file.StartsWith("Namespaces/", StringComparison.Ordinal))
                trees.Add(ParseControlled(file, text));
            else
                trees.Add(ParseDeclarations(file, text));
        }
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(static path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true);
        return CSharpCompilation.Create("SmallRtnl.Explored", trees, references, options);
    }

    private static SyntaxTree ParseControlled(string file, string text)
    {
        Assert.Contains(NamespaceLine, text, StringComparison.Ordinal);
        // Behind the namespace's own line, so that line numbers stay and these names are found first.
        return Parse(file, text.Replace(NamespaceLine, NamespaceLine + ShimUsing, StringComparison.Ordinal).Replace(PoolingBuilder, "", StringComparison.Ordinal));
    }

    /// <summary>What the engine only names: its bodies are never run, so nothing in them needs to be controlled.</summary>
    private static SyntaxTree ParseDeclarations(string file, string text)
    {
        SyntaxTree tree = Parse(file, text);
        return tree.WithRootAndOptions(new BodyRemover().Visit(tree.GetRoot()), s_parseOptions);
    }

    private static SyntaxTree Parse(string file, string text) => CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), s_parseOptions, file);

    private static Assembly Load(CSharpCompilation compilation)
    {
        string directory = Directory.CreateTempSubdirectory("smallrtnl-coyote-").FullName;
        try
        {
            string path = Path.Combine(directory, "SmallRtnl.Explored.dll");
            var result = compilation.Emit(path);
            Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
            Rewrite(path);
            using var image = new MemoryStream(File.ReadAllBytes(path));
            Assembly assembly = new Context().LoadFromStream(image);
            // A task that pauses in a type's initializer would block a thread that nobody controls.
            foreach (Type type in assembly.GetTypes().Where(type => type.TypeInitializer is not null && !type.ContainsGenericParameters))
            {
                try
                {
                    RuntimeHelpers.RunClassConstructor(type.TypeHandle);
                }
                catch (TypeInitializationException)
                {
                    // Its bodies were removed, so nobody uses it; whoever did would get this exception once more.
                }
            }
            return assembly;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Rewrite(string path)
    {
        string tool = typeof(CoyoteEngine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "CoyoteTool").Value!;
        // The rewriter looks for what the assembly refers to in the assembly's directory.
        foreach (string library in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"))
            File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(library)), library);
        var start = new ProcessStartInfo("dotnet", ["--roll-forward", "Major", tool, "rewrite", path, "--rewrite-memory-locations", "false"]);
        start.Environment["COYOTE_CLI_TELEMETRY_OPTOUT"] = "1";
        (int exitCode, string output, string errors) = Patience.RunAsync(start, TimeSpan.FromMinutes(5)).GetAwaiter().GetResult();
        Assert.True(exitCode == 0, $"Coyote's rewriter ended with {exitCode}: {output}{errors}");
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(CoyoteEngine).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"There is no '{name}'.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Each variant is an assembly of the same name.</summary>
    private sealed class Context() : AssemblyLoadContext("explored")
    {
        protected override Assembly? Load(AssemblyName assemblyName) => null;
    }
}
