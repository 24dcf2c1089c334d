using System.Reflection;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>Pipeline values hold text and numbers: one that reached a symbol or a tree would keep whole compilations alive, and never be equal.</summary>
public sealed class ModelTests
{
    private static readonly Type[] s_forbidden = [typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SemanticModel), typeof(Compilation), typeof(Location), typeof(Diagnostic), typeof(AttributeData)];

    public static TheoryData<Type> Models => [.. typeof(MessageModel).Assembly.GetTypes().Where(type => type.Name.EndsWith("Model", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Models))]
    public void A_model_reaches_no_symbol(Type model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var seen = new HashSet<Type>();
        var pending = new Queue<Type>([model]);
        while (pending.TryDequeue(out Type? type))
        {
            if (!seen.Add(type))
                continue;
            Assert.DoesNotContain(s_forbidden, forbidden => forbidden.IsAssignableFrom(type));
            foreach (Type argument in type.GetGenericArguments())
                pending.Enqueue(argument);
            if (type.HasElementType)
                pending.Enqueue(type.GetElementType()!);
            if (type.Assembly != typeof(MessageModel).Assembly)
                continue;
            foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                pending.Enqueue(field.FieldType);
        }
    }

    [Fact]
    public void Equal_sources_make_equal_text_whatever_the_order_of_files()
    {
        string[] sources =
        [
            GeneratorHarness.AddressMessage,
            "namespace MyApp; public sealed class B { [DoIt(RTM_NEWADDR)] public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }",
            "namespace MyApp; public sealed class A { [DoIt(RTM_DELADDR)] public RtnlResult Delete(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }",
            "namespace MyApp; public sealed class a { [DoIt(RTM_SETLINK)] public RtnlResult Set(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }",
            "namespace MyApp; [NetlinkNest] public readonly partial record struct Nest { [NetlinkAttribute(1)] public uint? X { get; init; } }",
            "namespace MyApp; [NetlinkNest] public readonly partial record struct nest { [NetlinkAttribute(1)] public uint? X { get; init; } }",
        ];
        Microsoft.CodeAnalysis.CSharp.CSharpCompilation inOrder = GeneratorHarness.Compile("MyApp", sources);
        IReadOnlyList<(string HintName, string Text)> forwards = Sorted(inOrder);
        IReadOnlyList<(string HintName, string Text)> backwards = Sorted(inOrder.RemoveAllSyntaxTrees().AddSyntaxTrees(inOrder.SyntaxTrees.Reverse()));
        Assert.Equal(forwards, backwards);
        // Hint names are compared without case: A and a have a file each.
        Assert.Equal(forwards.Count, forwards.Select(file => file.HintName).Distinct(StringComparer.OrdinalIgnoreCase).Count());

        static IReadOnlyList<(string HintName, string Text)> Sorted(Microsoft.CodeAnalysis.CSharp.CSharpCompilation compilation)
        {
            // CS8981: the type is small on purpose.
            GeneratorDriver driver = GeneratorHarness.Driver().RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
            Assert.Empty(output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS8981"));
            return [.. driver.Files().OrderBy(file => file.HintName, StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void Nothing_is_kept_alive_after_a_run()
    {
        WeakReference compilation = RunOnce(out GeneratorDriver driver);
        for (int i = 0; i < 10 && compilation.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(compilation.IsAlive);
        GC.KeepAlive(driver);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference RunOnce(out GeneratorDriver driver)
        {
            var compilation = GeneratorHarness.Compile("MyApp", GeneratorHarness.AddressMessage, "namespace MyApp; public sealed class B { [DoIt(RTM_NEWADDR)] public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok; }");
            // The driver remembers the latest compilation only; a second run lets the first go.
            driver = GeneratorHarness.Driver().RunGenerators(compilation).RunGenerators(GeneratorHarness.Compile("Other"));
            return new WeakReference(compilation);
        }
    }

    [Theory]
    [InlineData("SmallRtnl.Handlers", "SmallRtnl")]
    [InlineData("MyApp", "MyApp")]
    [InlineData("My.App.Handlers", "MyApp")]
    [InlineData("Handlers", "")]
    [InlineData("my-app", "my_app")]
    public void The_stem_of_an_assembly(string assembly, string stem) => Assert.Equal(stem, Identifiers.AssemblyStem(assembly));

    [Theory]
    [InlineData("New", 0)]
    [InlineData("NewAddress", 0)]
    [InlineData("Newer", null)]
    [InlineData("Delete", 1)]
    [InlineData("DelAddress", 1)]
    [InlineData("Delegate", null)]
    [InlineData("Get_6", 2)]
    [InlineData("Settle", null)]
    [InlineData("SetLink", 3)]
    [InlineData("Handle", null)]
    public void The_operation_of_a_name(string method, int? operation) => Assert.Equal(operation, RtmTypes.OperationOf(method));
}
