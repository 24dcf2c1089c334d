using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>What is generated for each form of handler, word for word.</summary>
public sealed class DispatchSnapshotTests
{
    [Fact]
    public void Rtnl() => Verify(Doit("[DoIt(RTM_NEWADDR, Lock = Rtnl, Family = AF_INET)]"));

    [Fact]
    public void PerNet() => Verify(Doit("[DoIt(RTM_NEWADDR, Lock = PerNet, Family = AF_INET)]"));

    [Fact]
    public void Unlocked() => Verify(Doit("[DoIt(RTM_NEWADDR, Lock = Unlocked, Family = AF_INET)]"));

    [Fact]
    public void Fallback() => Verify(Handlers(
        """
        [DoIt(Unlocked, Fallback = PerNet)]
        public RtnlResult Get(in DoItRequest<AddressMessage> request) => request.IsLocked ? RtnlResult.Ok : RtnlResult.NeedsLock;
        """));

    [Fact]
    public void Inference() => Verify(Handlers(
        """
        [DoIt(PerNet)]
        public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DoIt]
        public RtnlResult DeleteAddress(DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DoIt(Privilege = RtnlPrivilege.NetAdmin)]
        public RtnlResult GetOne(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DoIt]
        public RtnlResult Set(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

        [DumpIt(Unlocked)]
        public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];
        """));

    [Fact]
    public void ResolveWithNetSet() => Verify(Handlers(
        """
        [DoIt(PerNet, Resolve = nameof(ResolveNew))]
        public RtnlResult New(in DoItRequest<AddressMessage> request, Plan plan) => RtnlResult.Ok;

        public RtnlResult ResolveNew(in ResolveRequest<AddressMessage> request, NetSet nets, out Plan plan)
        {
            nets.Add(request.Net, NetRole.Target);
            plan = new Plan(request.Net);
            return RtnlResult.Ok;
        }
        """));

    [Fact]
    public void ResolveWithFallback() => Verify(Handlers(
        """
        [DoIt(Unlocked, Fallback = Rtnl, Resolve = nameof(Find))]
        public RtnlResult Get(in DoItRequest<AddressMessage> request, in Plan? plan) => request.IsLocked ? RtnlResult.Ok : RtnlResult.NeedsLock;

        internal static RtnlResult Find(in ResolveRequest<AddressMessage> request, out Plan? plan)
        {
            plan = null;
            return RtnlResult.Ok;
        }
        """));

    [Fact]
    public void Asynchronous() => Verify(Handlers(
        """
        [DoIt(PerNet)]
        public async ValueTask<RtnlResult> New(DoItRequest<AddressMessage> request)
        {
            await Task.Yield();
            return RtnlResult.Ok;
        }

        [DoIt(Resolve = nameof(Find))]
        public ValueTask<RtnlResult> Delete(DoItRequest<AddressMessage> request, (int Index, string? Name) plan) => new(RtnlResult.Ok);

        public RtnlResult Find(in ResolveRequest<AddressMessage> request, out (int Index, string? Name) plan)
        {
            plan = (1, null);
            return RtnlResult.Ok;
        }
        """));

    [Fact]
    public void Dumps() => Verify(Handlers(
        """
        [DumpIt(RTM_GETADDR, Lock = PerNet, Family = AF_INET, SplitDone = true)]
        public RtnlResult Chunk(in DumpItRequest<AddressMessage> request, ref DumpWriter<AddressMessage> writer) => RtnlResult.Ok;

        [DumpIt(RTM_GETADDR, Family = AF_INET6)]
        public IEnumerable<AddressMessage> Dump(DumpItRequest<AddressMessage> request) => [];
        """));

    [Fact]
    public void SeveralClassesAndSubsystems() => Verify(GeneratorHarness.Run(
        GeneratorHarness.AddressMessage,
        """
        namespace MyApp.First
        {
            public sealed class Handlers
            {
                [DoIt(RTM_NEWADDR)]
                public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;

                [DoIt(RTM_DELADDR, Bulk = true)]
                public static RtnlResult Delete(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
            }
        }

        namespace MyApp.Second
        {
            internal sealed class Handlers
            {
                [DoIt(RTM_NEWADDR, Family = AF_INET6)]
                internal RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
            }

            public static class Outer
            {
                public static class StaticHandlers
                {
                    [DoIt((RtmType)200)]
                    public static RtnlResult Any(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
                }
            }

            [PernetSubsystem(2)]
            public sealed class Late : IPernetSubsystem
            {
                public void Init(PernetInit init) { }

                public void Exit(RtnlContext context, Net net) { }
            }

            [PernetSubsystem(1)]
            public sealed class Early : IPernetSubsystem
            {
                public void Init(PernetInit init) { }

                public void Exit(RtnlContext context, Net net) { }
            }
        }
        """));

    [Fact]
    public void Changing_the_word_changes_nothing_but_the_lock()
    {
        string[] rtnl = Thunk("Rtnl");
        string[] perNet = Thunk("PerNet");
        string[] unlocked = Thunk("Unlocked");

        // Between the locking words: the remark that quotes the attribute, the comment, the acquisition where nothing is in the way and where
        // something is, the assertion. Line for line.
        Assert.Equal(rtnl.Length, perNet.Length);
        string[] changed = [.. rtnl.Zip(perNet).Where(pair => pair.First != pair.Second).Select(pair => pair.Second.Trim())];
        Assert.Equal(
            [
                "/// <remarks>Caused by <c>[DoIt(RTM_NEWADDR, Lock = PerNet, Family = AF_INET)]</c> on AddressHandlers.New.</remarks>",
                "// Apply: Lock = PerNet, the RTNL of the request's namespace.",
                "if (!context.TryLockNet())",
                "await context.LockNetAsync().ConfigureAwait(false);",
                "global::SmallRtnl.RtnlAssert.NetHeld(context.Net, context);",
            ],
            changed);

        // Unlocked waits for nothing, so the lines of the wait are gone; nothing else is.
        string[] added = [.. unlocked.Except(perNet).Select(line => line.Trim())];
        Assert.Equal(
            [
                "/// <remarks>Caused by <c>[DoIt(RTM_NEWADDR, Lock = Unlocked, Family = AF_INET)]</c> on AddressHandlers.New.</remarks>",
                "// Apply: Lock = Unlocked, one snapshot of the request's namespace.",
                "context.BeginSnapshot();",
                "global::SmallRtnl.RtnlAssert.ReaderOrHeld(context.Net, context);",
            ],
            added);
        string[] gone = [.. perNet.Except(unlocked).Select(line => line.Trim())];
        Assert.All(gone, line => Assert.Matches("TryLockNet|LockNetAsync|Lock = PerNet|Contended|module|PoolingAsync|NetHeld", line));

        static string[] Thunk(string word) => Doit($"[DoIt(RTM_NEWADDR, Lock = {word}, Family = AF_INET)]").File(".Thunks.g.cs").Split('\n');
    }

    [Fact]
    public void The_table_differs_between_words_in_the_word_alone()
    {
        string[] rtnl = Table("Rtnl");
        string[] unlocked = Table("Unlocked");
        string[] changed = [.. unlocked.Except(rtnl).Select(line => line.Trim())];
        Assert.Equal(["new global::SmallRtnl.HandlerInfo(global::SmallRtnl.ProtocolFamily.AF_INET, global::SmallRtnl.RtmType.RTM_NEWADDR, IsDump: false, global::SmallRtnl.RtnlLock.Unlocked, \"AddressHandlers.New\", \"MyApp\"),"], changed);

        static string[] Table(string word) => Doit($"[DoIt(RTM_NEWADDR, Lock = {word}, Family = AF_INET)]").File("DispatchTable.g.cs").Split('\n');
    }

    /// <summary>Messages have snapshots of their own; the registration is shown once.</summary>
    private static void Verify(GeneratorDriver driver, [CallerMemberName] string test = "") => Verifier.Verify(
        driver,
        source => source.HintName.EndsWith(".Message.g.cs", StringComparison.Ordinal)
            || (source.HintName == "Registration.g.cs" && test != nameof(SeveralClassesAndSubsystems)),
        file: ThisFile(),
        test: test);

    private static string ThisFile([CallerFilePath] string file = "") => file;

    private static GeneratorDriver Doit(string attribute) => Handlers(
        $$"""
        {{attribute}}
        public RtnlResult New(in DoItRequest<AddressMessage> request) => RtnlResult.Ok;
        """);

    private static GeneratorDriver Handlers(string methods) => GeneratorHarness.Run(
        GeneratorHarness.AddressMessage,
        $$"""
        namespace MyApp;

        public sealed record Plan(Net Target);

        public sealed class AddressHandlers
        {
        {{methods}}
        }
        """);
}
