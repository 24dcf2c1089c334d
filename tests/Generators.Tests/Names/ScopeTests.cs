using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators.Tests.Names;

/// <summary>Generated text means the same whatever a user's own scope declares: every simple name in it is declared there, in every way there is.</summary>
public sealed class ScopeTests
{
    /// <summary>A program with every form that anything is generated for, with no usings: what it hides it does not need itself.</summary>
    private static string Program(string inside = "") => $$"""
        namespace My.App
        {
            public sealed record Plan(global::SmallRtnl.Net Target);

            public readonly record struct Head(byte Family, byte A, ushort B);

            public enum Colour : uint { Red = 0 }

            [global::SmallRtnl.NetlinkNestAttribute]
            public readonly partial record struct Nest
            {
                [global::SmallRtnl.NetlinkAttributeAttribute(1)] public uint? Value { get; init; }
                [global::SmallRtnl.NetlinkAttributeAttribute(2, Repeated = true)] public global::SmallRtnl.NetlinkList<uint> Many { get; init; }
                [global::SmallRtnl.NetlinkAttributeAttribute(3, Selector = "Kind")] public global::SmallRtnl.NetlinkBytes? Data { get; init; }
                [global::SmallRtnl.NetlinkAttributeAttribute(4)] public global::SmallRtnl.NetlinkString? Kind { get; init; }
                [global::SmallRtnl.NetlinkSubMessageAttribute("Data", "deep")] public Deep? Deeper { get; init; }
            }

            [global::SmallRtnl.NetlinkNestAttribute]
            public readonly partial record struct Deep
            {
                [global::SmallRtnl.NetlinkAttributeAttribute(1, Required = true)] public bool Flag { get; init; }
            }

            public static partial class Outer
            {
                [global::SmallRtnl.NetlinkMessageAttribute((global::SmallRtnl.RtmType)200, Header = typeof(Head), MaxType = 20, StrictFrom = 5)]
                public readonly partial record struct Message
                {
                    [global::SmallRtnl.NetlinkAttributeAttribute(1, Min = 1, Max = 5)] public uint? Small { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(2)] public Colour? Colour { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(3)] public Nest? Nest { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(4)] public global::SmallRtnl.InterfaceName? Name { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(5, NestedArray = true)] public global::SmallRtnl.NetlinkList<Deep>? Array { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(6, BigEndian = true)] public ushort? Port { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(7, Reject = true, RejectMessage = "no")] public uint? Never { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(8)] public Head? Struct { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(9, Variable = true)] public ulong? Long { get; init; }
                    [global::SmallRtnl.NetlinkAttributeAttribute(10, Mask = 3)] public global::SmallRtnl.NetlinkBitfield32? Bits { get; init; }
                }
            }

            public sealed class Handlers
            {
                [global::SmallRtnl.DoItAttribute(global::SmallRtnl.RtnlLock.PerNet)]
                public global::SmallRtnl.RtnlResult New(in global::SmallRtnl.DoItRequest<Outer.Message> request) { Book.Check(request.Net); return default; }
                [global::SmallRtnl.DoItAttribute(global::SmallRtnl.RtnlLock.Unlocked, Fallback = global::SmallRtnl.RtnlLock.PerNet)]
                public global::SmallRtnl.RtnlResult Get(in global::SmallRtnl.DoItRequest<Outer.Message> request) => default;
                [global::SmallRtnl.DoItAttribute(global::SmallRtnl.RtnlLock.PerNet, Resolve = "Find", Bulk = true, Privilege = global::SmallRtnl.RtnlPrivilege.NetAdmin)]
                public global::SmallRtnl.RtnlResult Delete(in global::SmallRtnl.DoItRequest<Outer.Message> request, Plan plan) => default;
                [global::SmallRtnl.DoItAttribute(Resolve = "Find", Family = global::SmallRtnl.ProtocolFamily.AF_INET)]
                public async global::System.Threading.Tasks.ValueTask<global::SmallRtnl.RtnlResult> Set(global::SmallRtnl.DoItRequest<Outer.Message> request, Plan plan) { await global::System.Threading.Tasks.Task.Yield(); return default; }
                public static global::SmallRtnl.RtnlResult Find(in global::SmallRtnl.ResolveRequest<Outer.Message> request, global::SmallRtnl.NetSet nets, out Plan plan) { plan = new Plan(request.Net); return default; }
                [global::SmallRtnl.DumpItAttribute(global::SmallRtnl.RtnlLock.Unlocked)]
                public global::System.Collections.Generic.IEnumerable<Outer.Message> Dump(global::SmallRtnl.DumpItRequest<Outer.Message> request) => new Outer.Message[0];
                [global::SmallRtnl.DumpItAttribute(global::SmallRtnl.RtnlLock.PerNet, Family = global::SmallRtnl.ProtocolFamily.AF_INET)]
                public static global::SmallRtnl.RtnlResult DumpInet(in global::SmallRtnl.DumpItRequest<Outer.Message> request, ref global::SmallRtnl.DumpWriter<Outer.Message> writer) => default;
            }

            public static partial class Book
            {
                [global::SmallRtnl.RequiresLockAttribute(global::SmallRtnl.RtnlLock.PerNet, Net = "net")]
                public static void Check(global::SmallRtnl.Net net) { }
            }

            public sealed partial class Shelf
            {
                [global::SmallRtnl.GuardedByAttribute(global::SmallRtnl.RtnlLock.Rtnl)] public partial int Count { get; set; }
            }

            [global::SmallRtnl.PernetSubsystemAttribute(1)]
            public sealed class Subsystem : global::SmallRtnl.IPernetSubsystem
            {
                public void Init(global::SmallRtnl.PernetInit init) { }
                public void Exit(global::SmallRtnl.RtnlContext context, global::SmallRtnl.Net net) { }
            }
            {{inside}}
        }
        """;

    private static readonly Lazy<string[]> s_names = new(() =>
    {
        CSharpCompilation project = Projects.Of("MyApp", [Program()]);
        Compilation output = Projects.Generate(project, out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Empty(Projects.Faults(output));
        Assert.All((string[])["Message.g.cs", "Nest.g.cs", "Thunks.g.cs", "DispatchTable.g.cs", "Registration.g.cs", "LockAudit.g.cs", "LockCalls.g.cs", "Guard.g.cs"],
            name => Assert.Contains(output.SyntaxTrees, tree => tree.FilePath.EndsWith(name, StringComparison.Ordinal)));
        return
        [
            .. output.SyntaxTrees.Where(tree => !project.ContainsSyntaxTree(tree))
                .SelectMany(tree => tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes(descendIntoTrivia: true))
                .OfType<SimpleNameSyntax>()
                .Select(name => name.Identifier.ValueText)
                // What the program itself declares is there already, or is what the compiler reads as a word.
                .Except(["My", "App", "var", "Plan", "Head", "Colour", "Nest", "Deep", "Outer", "Message", "Handlers", "Book", "Shelf", "Subsystem"])
                .Where(name => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
    });

    [Fact]
    public void The_names_are_those_of_the_emitters()
    {
        Assert.InRange(s_names.Value.Length, 80, 1000);
        Assert.All((string[])["Unsafe", "Extack", "NetlinkWriter", "System", "SmallRtnl", "Microsoft", "RtnlResult", "context", "writer", "TryAddSingleton", "Nullable"], name => Assert.Contains(name, s_names.Value));
    }

    public static TheoryData<string> Ways => ["classes in the namespace", "classes in the outer namespace", "namespaces inside the namespace", "global usings", "nested types of the message's outer type", "a namespace of ours"];

    /// <summary>All names at once; where that fails, the compiler says which.</summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public void Whatever_the_users_scope_declares_generated_code_compiles(string way)
    {
        const string Body = " { }";
        string[] names = s_names.Value;
        string classes = string.Join("\n", names.Select(name => $"public sealed class @{name}{Body}"));
        string[] sources = way switch
        {
            "classes in the namespace" => [Program(classes)],
            "classes in the outer namespace" => [Program(), $"namespace My {{ {classes} }}"],
            "namespaces inside the namespace" => [Program(string.Join("\n", names.Select(name => $"namespace @{name} {{ public class Any {{ }} }}")))],
            "global usings" => [string.Join("\n", names.Select(name => $"global using @{name} = global::Elsewhere.Somebody;")), Program(), "namespace Elsewhere { public class Somebody { } }"],
            "nested types of the message's outer type" => [Program($"static partial class Outer {{ {classes} }}")],
            // Beside the runtime's own types, where generated code stands as well: what it defines itself left out.
            _ => [Program(), $"namespace SmallRtnl.Generated {{ {string.Join("\n", names.Except(["MyAppHandlerModule", "LockCalls", "Generated"]).Select(name => $"public sealed class @{name}{Body}"))} }} namespace SmallRtnl.System {{ public class Any {{ }} }} namespace SmallRtnl.Microsoft {{ public class Any {{ }} }} namespace SmallRtnl.SmallRtnl {{ public class Any {{ }} }}"],
        };
        Compilation output = Projects.Generate(Projects.Of("MyApp", sources), out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Empty(Projects.Faults(output));
    }

    /// <summary>An extension method of a user's own does not come before the runtime's.</summary>
    [Fact]
    public void Extension_methods_of_the_same_names_take_nothing_over()
    {
        string extensions = string.Join("\n", s_names.Value.Where(name => char.IsUpper(name[0])).Select(name => $"public static int @{name}<T>(this T self, params object[] rest) => 0;"));
        Compilation output = Projects.Generate(
            Projects.Of("MyApp", ["global using static global::My.HostileExtensions;", Program(), $"namespace My {{ public static class HostileExtensions {{ {extensions} }} }}", $"namespace SmallRtnl {{ public static class MoreHostileExtensions {{ {extensions} }} }}"]),
            out ImmutableArray<Diagnostic> said);
        Assert.Empty(said);
        Assert.Empty(Projects.Faults(output));
    }
}
