using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.DependencyInjection;

namespace SmallRtnl.Generators.Tests;

/// <summary>Several assemblies in one host: their tables compose, and a clash between them names both.</summary>
public sealed class CompositionTests
{
    [Fact]
    public void Two_assemblies_make_one_table()
    {
        HandlerTable table = Table("First.Handlers", "Other", "[DoIt((RtmType)212)] public RtnlResult New(in DoItRequest<Declarations.ThingMessage> request) => RtnlResult.Ok;", "AddFirstHandlers");
        Assert.Contains(table.Handlers, handler => handler is { Module: "First.Handlers", Method: "Other.New", Type: (RtmType)212 });
        Assert.Contains(table.Handlers, handler => handler is { Module: "SmallRtnl.Generators.Tests", Method: "ThingHandlers.New" });
    }

    [Fact]
    public void A_clash_between_assemblies_names_both()
    {
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() =>
            Table("Second", "Intruder", "[DoIt((RtmType)200, Lock = Unlocked)] public RtnlResult New(in DoItRequest<Declarations.ThingMessage> request) => RtnlResult.Ok;", "AddSecondHandlers"));
        Assert.Contains("ThingHandlers.New of SmallRtnl.Generators.Tests", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Intruder.New of Second", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_says_what_the_attributes_said()
    {
        HandlerTable table = Table("Third", "Nothing", "[DoIt((RtmType)216)] public RtnlResult New(in DoItRequest<Declarations.ThingMessage> request) => RtnlResult.Ok;", "AddThirdHandlers");
        HandlerInfo get = table.Handlers.Single(handler => handler.Method == "ThingHandlers.Get");
        Assert.Equal(
            new HandlerInfo(ProtocolFamily.PF_UNSPEC, (RtmType)202, IsDump: false, RtnlLock.Unlocked, "ThingHandlers.Get", "SmallRtnl.Generators.Tests")
            {
                Fallback = RtnlLock.PerNet,
                Privilege = RtnlPrivilege.NetAdmin,
            },
            get with { Audit = null });
        Assert.Equal(new HandlerAudit(LockVerdict.Proven, RtnlLock.PerNet) { Unknown = get.Audit!.Unknown, Explain = get.Audit.Explain }, get.Audit);
        HandlerExplanation explained = get.Audit.Explain!();
        Assert.Contains("Fallback = PerNet", explained.Attribute, StringComparison.Ordinal);
        Assert.EndsWith(".cs", explained.Place, StringComparison.Ordinal);
        Assert.Contains("_ApplyAgain(context, in request)", explained.Thunk, StringComparison.Ordinal);
        Assert.True(table.Handlers.Single(handler => handler.Method == "ThingHandlers.DeleteThing").Bulk);
        Assert.True(table.Handlers.Single(handler => handler.Method == "ThingHandlers.SetThing").Resolves);
        Assert.True(table.Handlers.Single(handler => handler.Method == "ThingHandlers.Dump").SplitDone);
    }

    [Fact]
    public void The_table_knows_the_order_that_lock_classes_declare()
    {
        HandlerTable table = Table(
            "Fourth",
            "Orderly",
            "[LockOrder(After = RtnlLock.PerNet, Before = typeof(Inner))] public sealed class Ledger() : LockClass(\"ledger\"); public sealed class Inner() : LockClass(\"inner\"); [DoIt((RtmType)216)] public RtnlResult New(in DoItRequest<Declarations.ThingMessage> request) => RtnlResult.Ok;",
            "AddFourthHandlers");
        const string Type = "SmallRtnl.Generators.Tests.Orderly.";
        Assert.Equal([new("PerNet", Type + "Ledger"), new("Rtnl", "PerNet"), new(Type + "Ledger", Type + "Inner")], table.LockOrder);
    }

    /// <summary>The table of a host with this assembly's handlers and those of a second assembly, compiled here.</summary>
    private static HandlerTable Table(string assembly, string type, string method, string extension)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(assembly, $"namespace SmallRtnl.Generators.Tests; public sealed class {type} {{ {method} }}")
            .AddReferences(MetadataReference.CreateFromFile(typeof(CompositionTests).Assembly.Location));
        GeneratorHarness.Run(compilation, out Compilation output);
        using var image = new MemoryStream();
        Assert.True(output.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        MethodInfo add = Assembly.Load(image.ToArray()).GetTypes()
            .Single(found => found.Name.EndsWith("HandlersExtensions", StringComparison.Ordinal))
            .GetMethod(extension)!;

        var services = new ServiceCollection();
        services.AddSingleton<Declarations.Script>();
        RtnetlinkBuilder builder = services.AddRtnetlink(options => options.MaxMessageType = (RtmType)255).AddSmallRtnlGeneratorsTestsHandlers();
        add.Invoke(null, [builder]);
        using ServiceProvider provider = services.BuildServiceProvider();
        return provider.GetRequiredService<HandlerTable>();
    }
}
