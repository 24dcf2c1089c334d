using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;

namespace SmallRtnl.Generators.Tests.Names;

/// <summary>RTNL008, RTNL009 and RTNL010: what is said of a project as a whole, by the generator.</summary>
public sealed class ProjectRuleTests
{
    [Fact]
    public void An_app_and_its_library_with_one_registration_are_told_what_to_write()
    {
        byte[] library = Projects.Emit(Handlers("Acme.Handlers", "LibraryHandlers", 200));
        _ = Projects.Generate(Handlers("Acme", "AppHandlers", 204).AddReferences(MetadataReference.CreateFromImage(library)), out ImmutableArray<Diagnostic> said);
        Diagnostic found = Assert.Single(said);
        Assert.Equal("RTNL008", found.Id);
        Assert.Contains("Acme and Acme.Handlers, which it references, both give AddAcmeHandlers()", found.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("[assembly: RtnetlinkHandlers(Name = \"AcmeApp\")]", found.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_to_be_written_registers_both()
    {
        byte[] library = Projects.Emit(Handlers("Acme.Handlers", "LibraryHandlers", 200));
        CSharpCompilation app = Handlers("Acme", "AppHandlers", 204, "[assembly: SmallRtnl.RtnetlinkHandlers(Name = \"AcmeApp\")]",
            "namespace SmallRtnl; public static class Both { public static void Add(RtnetlinkBuilder builder) => builder.AddAcmeHandlers().AddAcmeAppHandlers().AddAcmeHandlers(); }").AddReferences(MetadataReference.CreateFromImage(library));
        Compilation output = Projects.Generate(app, out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Equal(["AppHandlers.New", "LibraryHandlers.New"], Methods(output, library));
    }

    [Fact]
    public void Two_referenced_assemblies_are_told_what_to_call()
    {
        byte[] one = Projects.Emit(Handlers("Acme", "OneHandlers", 200));
        byte[] other = Projects.Emit(Handlers("Acme.Handlers", "OtherHandlers", 204));
        CSharpCompilation app = Projects.Of("App", ["""
            namespace SmallRtnl;
            public static class Both
            {
                public static void Add(RtnetlinkBuilder builder)
                {
                    SmallRtnl.AcmeHandlersExtensions.AddAcmeHandlers(builder);
                    SmallRtnl.Acme_HandlersHandlersExtensions.AddAcmeHandlers(builder);
                }
            }
            """]).AddReferences(MetadataReference.CreateFromImage(one), MetadataReference.CreateFromImage(other));
        Compilation output = Projects.Generate(app, out ImmutableArray<Diagnostic> said);
        string message = Assert.Single(said, found => found.Id == "RTNL008").GetMessage(null);
        Assert.Contains("SmallRtnl.AcmeHandlersExtensions.AddAcmeHandlers(builder) and SmallRtnl.Acme_HandlersHandlersExtensions.AddAcmeHandlers(builder)", message, StringComparison.Ordinal);
        // And what the message says works.
        Assert.Equal(["OneHandlers.New", "OtherHandlers.New"], Methods(output, one, other));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a-b")]
    [InlineData("My.App ")]
    public void A_name_that_is_none_is_said(string name)
    {
        _ = Projects.Generate(Handlers("Acme", "AppHandlers", 204, $"[assembly: SmallRtnl.RtnetlinkHandlers(Name = \"{name}\")]"), out ImmutableArray<Diagnostic> said);
        Assert.Equal(name.Length == 0 ? [] : ["RTNL008"], said.Select(found => found.Id));
    }

    [Theory]
    [InlineData("Acme", "AddAcmeHandlers", "AcmeHandlersExtensions")]
    [InlineData("Acme.Handlers", "AddAcmeHandlers", "Acme_HandlersHandlersExtensions")]
    [InlineData("Acme_Handlers", "AddAcme_Handlers", "Acme__005fHandlersHandlersExtensions")]
    [InlineData("my-app", "Addmy_appHandlers", "my__002dappHandlersExtensions")]
    [InlineData("3com", "Add3comHandlers", "_3comHandlersExtensions")]
    [InlineData("Ünïcødé.日本", "AddÜnïcødé日本Handlers", "Ünïcødé_日本HandlersExtensions")]
    [InlineData("Handlers", "AddHandlers", "HandlersHandlersExtensions")]
    [InlineData("a b\u200d\ud83d\ude00", "Adda_b___Handlers", "a__0020b__200d__d83d__de00HandlersExtensions")]
    [InlineData("class", "AddclassHandlers", "classHandlersExtensions")]
    [InlineData("..", "AddHandlers", "__002e__002eHandlersExtensions")]
    public void Any_assembly_name_makes_a_registration(string assembly, string method, string type)
    {
        Compilation output = Projects.Generate(Handlers(assembly, "AppHandlers", 204), out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Empty(Projects.Faults(output));
        INamedTypeSymbol found = output.GetTypeByMetadataName("SmallRtnl." + type)!;
        Assert.NotNull(found);
        Assert.Contains(found.GetMembers(), member => member.Name == method);
    }

    [Fact]
    public void No_two_assemblies_have_one_type()
    {
        char[] letters = ['a', '.', '_', '-', '0', '5', 'f', '2', 'e', 'd'];
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        void Try(string name)
        {
            string type = Identifiers.TypeStem(name);
            Assert.True(SyntaxFacts.IsValidIdentifier(type), $"{name}: {type}");
            Assert.False(seen.TryGetValue(type, out string? other), $"{name} and {other} are both {type}.");
            seen.Add(type, name);
        }
        foreach (char a in letters)
        {
            Try($"{a}");
            foreach (char b in letters)
            {
                Try($"{a}{b}");
                foreach (char c in letters)
                {
                    Try($"{a}{b}{c}");
                    foreach (string rest in (string[])["_005f", ".005f", "..2d", "__2d", ".002e", "002e.", "_002d_", "..005f", ".._005f"])
                        Try($"{a}{b}{c}{rest}");
                }
            }
        }
    }

    [Fact]
    public void A_language_version_below_the_floor_is_said_and_nothing_is_generated()
    {
        foreach (LanguageVersion version in (LanguageVersion[])[LanguageVersion.CSharp10, LanguageVersion.CSharp11, LanguageVersion.CSharp12, LanguageVersion.CSharp13])
        {
            CSharpCompilation project = Projects.Of("MyApp", [Everything], new CSharpParseOptions(version));
            Compilation output = Projects.Generate(project, out ImmutableArray<Diagnostic> said);
            Assert.All(said, found => Assert.Equal("RTNL009", found.Id));
            Assert.InRange(said.Length, 1, 5);
            Assert.Contains($"compiled as C# {version.ToDisplayString()}", said[0].GetMessage(null), StringComparison.Ordinal);
            Assert.All(said, found => Assert.Equal("/src/Source0.cs", found.Location.GetLineSpan().Path));
            Assert.Equal(project.SyntaxTrees.Length, output.SyntaxTrees.Count());
        }
    }

    [Fact]
    public void The_floor_is_what_generated_code_needs()
    {
        Compilation output = Projects.Generate(Projects.Of("MyApp", [Everything]), out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Empty(Projects.Faults(output));
        // The same text one version lower.
        Assert.Equal(LanguageVersion.CSharp14, LanguageFloor.Version);
        var lower = new CSharpParseOptions(LanguageVersion.CSharp13);
        CSharpCompilation below = GeneratorHarness.Compile("MyApp").AddSyntaxTrees(output.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.GetText(TestContext.Current.CancellationToken), lower, tree.FilePath)));
        Assert.Contains(below.GetDiagnostics(TestContext.Current.CancellationToken), found => found.Severity == DiagnosticSeverity.Error && found.Location.SourceTree?.FilePath.EndsWith("Guard.g.cs", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_project_below_the_floor_that_declares_nothing_is_left_alone()
    {
        _ = Projects.Generate(Projects.Of("MyApp", ["public class Plain { }"], new CSharpParseOptions(LanguageVersion.CSharp12)), out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
    }

    [Theory]
    [InlineData("New", "H.New", "MyApp.M.Message.g.cs")]
    [InlineData("M", "M", "Registration.g.cs")]
    [InlineData("N", "N", "MyApp.H.Thunks.g.cs")]
    [InlineData("Guarded", "G.Guarded", "MyApp.H.Thunks.g.cs")]
    [InlineData("S", "S", "MyApp.H.Thunks.g.cs")]
    [InlineData("LockAudit", "the audit", "MyApp.H.Thunks.g.cs")]
    [InlineData("MyApp.H.Thunks.g.cs", "global::MyApp.H", "MyApp.M.Message.g.cs")]
    public void A_fault_of_the_generator_is_said_where_it_is_and_the_rest_is_generated(string fails, string what, string stillThere)
    {
        Failure.Seam.Value = name =>
        {
            if (name == fails)
                throw new InvalidOperationException("a fault\nof ours");
        };
        Compilation output;
        ImmutableArray<Diagnostic> said;
        try
        {
            output = Projects.Generate(Projects.Of("MyApp", [Everything]), out said);
        }
        finally
        {
            Failure.Seam.Value = null;
        }
        Diagnostic found = Assert.Single(said);
        Assert.Equal("RTNL010", found.Id);
        Assert.Contains($"'{what}'", found.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: a fault of ours", found.GetMessage(null), StringComparison.Ordinal);
        if (!fails.Contains('.', StringComparison.Ordinal) && fails != "LockAudit")
            Assert.Equal(fails, Everything.Substring(found.Location.SourceSpan.Start, found.Location.SourceSpan.Length));
        Assert.Contains(output.SyntaxTrees, tree => tree.FilePath.EndsWith(stillThere, StringComparison.Ordinal));
    }

    private const string Everything =
        """
        using System.Collections.Generic;
        using SmallRtnl;

        namespace MyApp
        {
            [NetlinkNest]
            public readonly partial record struct N
            {
                [NetlinkAttribute(1)] public uint? Value { get; init; }
            }

            [NetlinkMessage((RtmType)200, Header = typeof(RtGenMsg))]
            public readonly partial record struct M
            {
                [NetlinkAttribute(1)] public N? Nest { get; init; }
            }

            public sealed class H
            {
                [DoIt(RtnlLock.PerNet)] public RtnlResult New(in DoItRequest<M> request) => RtnlResult.Ok;
                [DumpIt(RtnlLock.Unlocked)] public IEnumerable<M> Dump(DumpItRequest<M> request) => new M[0];
            }

            public sealed partial class G
            {
                [GuardedBy(RtnlLock.Rtnl)] public partial int Guarded { get; set; }
            }

            [PernetSubsystem]
            public sealed class S : IPernetSubsystem
            {
                public void Init(PernetInit init) { }
                public void Exit(RtnlContext context, Net net) { }
            }
        }
        """;

    private static CSharpCompilation Handlers(string assembly, string type, int number, string attributes = "", string more = "") => Projects.Of(assembly, [
        $$"""
        {{attributes}}
        namespace Project.{{type}}s
        {
            using SmallRtnl;

            [NetlinkMessage((RtmType){{number}}, Header = typeof(RtGenMsg))]
            public readonly partial record struct M;

            public sealed class {{type}}
            {
                [DoIt] public RtnlResult New(in DoItRequest<M> request) => RtnlResult.Ok;
            }
        }
        """,
        more.Length == 0 ? "// nothing" : more,
    ]);

    /// <summary>The handlers in the table of a host that calls Both.Add.</summary>
    private static IEnumerable<string> Methods(Compilation app, params byte[][] references)
    {
        Assert.Empty(Projects.Faults(app));
        var context = new AssemblyLoadContext("composed");
        foreach (byte[] image in references)
            context.LoadFromStream(new MemoryStream(image));
        MethodInfo add = context.LoadFromStream(new MemoryStream(Projects.Image(app))).GetType("SmallRtnl.Both")!.GetMethod("Add")!;
        var services = new ServiceCollection();
        add.Invoke(null, [services.AddRtnetlink(options => options.MaxMessageType = (RtmType)255)]);
        using ServiceProvider provider = services.BuildServiceProvider();
        return [.. provider.GetRequiredService<HandlerTable>().Handlers.Select(handler => handler.Method).Order(StringComparer.Ordinal)];
    }
}
