using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators.Tests.Names;

/// <summary>Whatever a user calls something, at every place where something is called: keywords of every sort, the emitters' own locals, unicode, case.</summary>
public sealed class IdentifierTests
{
    private static readonly string[] s_keywords =
    [
        .. Enum.GetValues<SyntaxKind>().Where(kind => SyntaxFacts.IsReservedKeyword(kind) || SyntaxFacts.IsContextualKeyword(kind)).Select(kind => SyntaxFacts.GetText(kind)),
        "record", "field", "file", "scoped", "required", "extension", "allows", "nint", "nuint", "dynamic", "nameof", "args", "_",
    ];

    private static readonly string[] s_unicode = ["\u00fc", "\u0130x", "\u65e5\u672c", "\u00e9\u0301", "\u01c5a", "__x", "_1", "a\u200db"];

    /// <summary>One program with a name at every place.</summary>
    /// <param name="n">The name.</param>
    /// <param name="number">The first of four message types.</param>
    /// <param name="property">What the properties are called that have no more than the name; by default the name.</param>
    private static string Program(string n, int number, string? property = null) => Text(n, Spoken(n), property ?? n, number);

    /// <summary>A name as <c>nameof</c> gives it: format characters may be written in an identifier, and are no part of it.</summary>
    private static string Spoken(string name) => string.Concat(name.Where(c => char.GetUnicodeCategory(c) != System.Globalization.UnicodeCategory.Format));

    private static string Text(string n, string spoken, string property, int number) => $$"""
        namespace @{{n}}.@{{n}}Space
        {
            public sealed record @{{n}}Plan(int Value);

            [global::SmallRtnl.NetlinkNestAttribute]
            public readonly partial record struct @{{n}}Nest
            {
                [global::SmallRtnl.NetlinkAttributeAttribute(1)] public uint? @{{property}} { get; init; }
                [global::SmallRtnl.NetlinkAttributeAttribute(2)] public bool @{{n}}Flag { get; init; }
            }

            public static partial class @{{n}}
            {
                public enum @{{n}}Enum : uint { @{{n}} = 1 }

                [global::SmallRtnl.NetlinkMessageAttribute((global::SmallRtnl.RtmType){{number}}, Header = typeof(global::SmallRtnl.RtGenMsg), MaxType = 9)]
                public readonly partial record struct @{{n}}Message
                {
                    [global::SmallRtnl.NetlinkAttributeAttribute(1, Max = 4)] public uint? @{{property}} { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(2)] public @{{n}}Nest? @{{n}}Inner { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(3)] public @{{n}}Enum? @{{n}}Value { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(4, Repeated = true)] public global::SmallRtnl.NetlinkList<uint> @{{n}}s { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(5, Selector = "{{spoken}}Kind")] public global::SmallRtnl.NetlinkBytes? @{{n}}Data { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(6)] public global::SmallRtnl.NetlinkString? @{{n}}Kind { get; init; }
                    [global::SmallRtnl.NetlinkSubMessageAttribute("{{spoken}}Data", "{{spoken}}")] public @{{n}}Nest? @{{n}}Shape { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(7)] public ushort? @{{n}}Half { get => 1; init => _ = value; }
                }

                public sealed class @{{n}}Handlers
                {
                    [global::SmallRtnl.DoItAttribute((global::SmallRtnl.RtmType){{number}}, Lock = global::SmallRtnl.RtnlLock.PerNet)]
                    public global::SmallRtnl.RtnlResult @{{n}}(in global::SmallRtnl.DoItRequest<@{{n}}Message> @{{n}}Request) => default;
                    [global::SmallRtnl.DoItAttribute((global::SmallRtnl.RtmType)({{number}} + 1), Resolve = "{{spoken}}Find")]
                    public async global::System.Threading.Tasks.ValueTask<global::SmallRtnl.RtnlResult> @{{n}}_Apply(global::SmallRtnl.DoItRequest<@{{n}}Message> @{{n}}Request, @{{n}}Plan @{{n}}) { await global::System.Threading.Tasks.Task.Yield(); return default; }
                    public global::SmallRtnl.RtnlResult @{{n}}Find(in global::SmallRtnl.ResolveRequest<@{{n}}Message> request, out @{{n}}Plan plan) { plan = new(1); return default; }
                    [global::SmallRtnl.DumpItAttribute(global::SmallRtnl.RtnlLock.Unlocked)]
                    public global::System.Collections.Generic.IEnumerable<@{{n}}Message> @{{n}}Dump(global::SmallRtnl.DumpItRequest<@{{n}}Message> request) { global::@{{n}}.@{{n}}Space.@{{n}}Locked<int>.@{{n}}(request.Net, 1); return new @{{n}}Message[0]; }
                }
            }

            public sealed class @{{n}}Lock() : global::SmallRtnl.LockClass("{{n}}");

            public static class @{{n}}Locked<@{{n}}T>
            {
                [global::SmallRtnl.RequiresLockAttribute(global::SmallRtnl.RtnlLock.Unlocked)]
                [global::SmallRtnl.RequiresLockAttribute(typeof(@{{n}}Lock))]
                public static void @{{n}}(global::SmallRtnl.Net @{{n}}T, int @{{n}}) { }
            }

            public sealed partial class @{{n}}Guarded
            {
                [global::SmallRtnl.GuardedByAttribute(global::SmallRtnl.RtnlLock.PerNet)] public partial int @{{n}} { get; set; }
            }
        }

        namespace @{{n}}.@{{n}}Space.Plain
        {
            public sealed class @{{n}}
            {
                [global::SmallRtnl.DoItAttribute((global::SmallRtnl.RtmType)({{number}} + 3))]
                public global::SmallRtnl.RtnlResult Set(in global::SmallRtnl.DoItRequest<global::@{{n}}.@{{n}}Space.@{{n}}.@{{n}}Message> request) => default;
            }
        }
        """;

    [Fact]
    public void Every_keyword_can_be_a_name_at_every_place() => AssertCompiles(s_keywords.Distinct(StringComparer.Ordinal));

    [Fact]
    public async Task Every_local_and_member_of_the_emitters_can_be_a_name_at_every_place()
    {
        // Collected from what is emitted.
        Compilation output = Projects.Generate(Projects.Of("MyApp", [Program("thing", 200)]), out _);
        string[] locals =
        [
            .. output.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))
                .SelectMany(tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes())
                .Select(node => node switch
                {
                    VariableDeclaratorSyntax variable => variable.Identifier,
                    SingleVariableDesignationSyntax variable => variable.Identifier,
                    ParameterSyntax parameter => parameter.Identifier,
                    MethodDeclarationSyntax method => method.Identifier,
                    LocalFunctionStatementSyntax function => function.Identifier,
                    ClassDeclarationSyntax type => type.Identifier,
                    _ => default,
                })
                .Select(name => name.ValueText)
                .Where(name => !string.IsNullOrEmpty(name) && !name.Contains("thing", StringComparison.OrdinalIgnoreCase))
                .Distinct(StringComparer.Ordinal),
        ];
        Assert.All((string[])["writer", "context", "request", "attribute", "extack", "payload", "plan", "isLast", "TryFill", "AttributeFields"], name => Assert.Contains(name, locals));
        // The message's own members, on which everybody relies, are refused as a property's name; beside that they are names like any other.
        string[] members = MembersGeneratedInto(output, "thing.thingSpace.thing+thingMessage");
        string[] nestMembers = MembersGeneratedInto(output, "thing.thingSpace.thingNest");
        Assert.Equal(["HasUndeclared", "Header", "HeaderSize", "NewType", "TryParse", "Write"], members.Order(StringComparer.Ordinal));
        Assert.Equal(["TryParse", "Write"], nestMembers.Order(StringComparer.Ordinal));
        AssertCompiles(locals.Except(members));
        AssertCompiles(members, name => name + "Own");
        // What is said of the program under any name: its lock discipline is not the matter here.
        string[] always = [.. (await GeneratorHarness.AnalyzeAsync(Program("thing", 200))).Select(diagnostic => diagnostic.Id)];
        foreach (string name in members)
        {
            ImmutableArray<Diagnostic> found = await GeneratorHarness.AnalyzeAsync(Program(name, 200));
            string[] refused = nestMembers.Contains(name) ? ["RTNL202", "RTNL202"] : ["RTNL202"];
            Assert.Equal(always.Concat(refused).Order(StringComparer.Ordinal), found.Select(diagnostic => diagnostic.Id).Order(StringComparer.Ordinal));
            Assert.All(found.Where(diagnostic => diagnostic.Id == "RTNL202"), diagnostic => Assert.Contains($"'{name}'", diagnostic.GetMessage(null), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Any_letter_can_be_in_a_name() => AssertCompiles(s_unicode);

    [Fact]
    public void Names_that_differ_in_case_alone_are_two()
    {
        string[] sources = [Program("thing", 200), Program("Thing", 204), Program("THING", 208)];
        Compilation output = Projects.Generate(Projects.Of("MyApp", sources), out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Empty(Projects.Faults(output));
        string[] files = [.. output.SyntaxTrees.Select(tree => tree.FilePath)];
        Assert.Equal(files.Length, files.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void A_name_as_long_as_it_may_be_makes_a_file_that_a_file_system_takes()
    {
        Compilation output = Projects.Generate(Projects.Of("MyApp", [Program(new string('x', 480), 200), Program(new string('x', 479) + "y", 204)]), out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Empty(Projects.Faults(output));
        Assert.All(output.SyntaxTrees, tree => Assert.InRange(Path.GetFileName(tree.FilePath).Length, 1, 250));
    }

    [Theory]
    [InlineData("Header", "RTNL202")]
    [InlineData("NewType", "RTNL202")]
    [InlineData("HeaderSize", "RTNL202")]
    [InlineData("Write", "RTNL202")]
    [InlineData("TryParse", "RTNL202")]
    [InlineData("HasUndeclared", "RTNL202")]
    public async Task A_property_called_as_what_is_generated_is_said(string name, string id)
    {
        string source = $$"""
            namespace MyApp;
            [NetlinkMessage((RtmType)200, Header = typeof(RtGenMsg), MaxType = 5)]
            public readonly partial record struct M { [NetlinkAttribute(1)] public uint? {{name}} { get; init; } }
            """;
        Assert.Contains(await GeneratorHarness.AnalyzeAsync(source), found => found.Id == id);
        source = $$"""
            namespace MyApp;
            [NetlinkMessage((RtmType)200, Header = typeof(RtGenMsg), MaxType = 5)]
            public readonly partial record struct {{name}} { [NetlinkAttribute(1)] public uint? Value { get; init; } }
            """;
        Assert.Contains(await GeneratorHarness.AnalyzeAsync(source), found => found.Id == "RTNL205");
    }

    /// <summary>The public members that generated files declare in a type.</summary>
    private static string[] MembersGeneratedInto(Compilation output, string type) =>
    [
        .. output.GetTypeByMetadataName(type)!.GetMembers()
            .Where(member => member is { DeclaredAccessibility: Accessibility.Public, IsImplicitlyDeclared: false, CanBeReferencedByName: true }
                && member.DeclaringSyntaxReferences.Any(part => part.SyntaxTree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)))
            .Select(member => member.Name)
            .Distinct(StringComparer.Ordinal),
    ];

    private static void AssertCompiles(IEnumerable<string> names, Func<string, string>? property = null)
    {
        var faults = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.ForEach(names, name =>
        {
            Compilation own = Projects.Of("MyApp", [Program(name, 200, property?.Invoke(name))]);
            // What the compiler does not take of the user himself says nothing of us.
            Compilation output = Projects.Generate((CSharpCompilation)own, out ImmutableArray<Diagnostic> said);
            string[] found = [.. said.Select(diagnostic => diagnostic.ToString()), .. Projects.Faults(output)];
            if (found.Length > 0)
                faults.Add($"{name}: {string.Join("\n    ", found.Take(4))}");
        });
        Assert.True(faults.IsEmpty, $"{faults.Count} names:\n{string.Join("\n", faults.Order(StringComparer.Ordinal).Take(25))}");
    }
}
