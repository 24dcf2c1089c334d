using SmallRtnl.Generators.CodeFixes;

namespace SmallRtnl.Generators.Tests;

/// <summary>Each fix: the text before and after, where it is not offered, and Fix All over two documents.</summary>
public sealed class CodeFixTests
{
    private const string State = "public static class State { [GuardedBy(PerNet)] public static int Index; [GuardedBy(Rtnl)] public static int Whole; }\n";

    [Theory]
    [InlineData("[DoIt(Rtnl)]", "[DoIt(Unlocked)]")]
    [InlineData("[DoIt]", "[DoIt(Unlocked)]")]
    [InlineData("[DoIt()]", "[DoIt(Unlocked)]")]
    [InlineData("[DoIt(PerNet, Lock = PerNet)]", "[DoIt(Unlocked, Lock = Unlocked)]")]
    [InlineData("[DoIt(RTM_NEWADDR)]", "[DoIt(RTM_NEWADDR, Lock = Unlocked)]")]
    [InlineData("[DoIt(RTM_NEWADDR, Family = ProtocolFamily.AF_INET)]", "[DoIt(RTM_NEWADDR, Lock = Unlocked, Family = ProtocolFamily.AF_INET)]")]
    [InlineData("[DoIt(RTM_NEWADDR, Lock = PerNet)]", "[DoIt(RTM_NEWADDR, Lock = Unlocked)]")]
    [InlineData("[DoIt(Family = ProtocolFamily.AF_INET)]", "[DoIt(Unlocked, Family = ProtocolFamily.AF_INET)]")]
    [InlineData("[Obsolete, DoIt(RtnlLock.PerNet)]", "[Obsolete, DoIt(Unlocked)]")]
    [InlineData("[DoIt((RtnlLock)1)]", "[DoIt(Unlocked)]")]
    public async Task A_weaker_word(string before, string after)
    {
        const string Method = " public RtnlResult New(in DoItRequest<Message> request) => RtnlResult.Ok; }";
        Assert.Equal(["public sealed class H { " + after + Method], await FixHarness.OneAsync(new LockWordFix(), "RTNL110", null, "public sealed class H { " + before + Method));
    }

    [Fact]
    public async Task A_weaker_word_where_its_short_name_means_something_else()
    {
        const string Before = "public sealed class H { private const int Unlocked = 3; [DoIt(PerNet)] public RtnlResult New(in DoItRequest<Message> request) => RtnlResult.Ok; public int Get() => Unlocked; }";
        Assert.Equal([Before.Replace("DoIt(PerNet)", "DoIt(RtnlLock.Unlocked)", StringComparison.Ordinal)], await FixHarness.OneAsync(new LockWordFix(), "RTNL110", "Lock = Unlocked", Before));
    }

    [Fact]
    public async Task A_weaker_word_for_the_second_run()
    {
        const string Before = State + "public sealed class H { [DoIt(Unlocked, Fallback = Rtnl)] public RtnlResult New(in DoItRequest<Message> request) { if (!request.IsLocked) return RtnlResult.NeedsLock; State.Index++; return RtnlResult.Ok; } }";
        Assert.Equal([Before.Replace("Fallback = Rtnl", "Fallback = PerNet", StringComparison.Ordinal)], await FixHarness.OneAsync(new LockWordFix(), "RTNL110", null, Before));
    }

    [Theory]
    [InlineData("RTNL101", "State.Index++;", "Unlocked", "PerNet")]
    [InlineData("RTNL101", "State.Whole++;", "PerNet", "Rtnl")]
    [InlineData("RTNL101", "State.Whole++;", "Unlocked", "Rtnl")]
    [InlineData("RTNL101", "_ = State.Whole;", "Unlocked", "PerNet")]
    [InlineData("RTNL102", "RtnlAssert.Held();", "PerNet", "Rtnl")]
    [InlineData("RTNL103", "request.Notify(1, default(Message));", "Unlocked", "PerNet")]
    public async Task A_stronger_word(string id, string statement, string before, string after)
    {
        string Source(string word) => $"{State}public sealed class H {{ [DoIt({word})] public RtnlResult New(in DoItRequest<Message> request) {{ {statement} return RtnlResult.Ok; }} }}";
        Assert.Equal([Source(after)], await FixHarness.OneAsync(new LockWordFix(), id, null, Source(before)));
    }

    [Fact]
    public async Task A_stronger_word_for_a_handler_in_another_document()
    {
        const string Helper = State + "public static class Helper { public static void Count() => State.Index++; }";
        const string Before = "public sealed class H { [DoIt(Unlocked)] public RtnlResult New(in DoItRequest<Message> request) { Helper.Count(); return RtnlResult.Ok; } }";
        Assert.Equal([Helper, Before.Replace("Unlocked", "PerNet", StringComparison.Ordinal)], await FixHarness.OneAsync(new LockWordFix(), "RTNL101", null, Helper, Before));
    }

    [Theory]
    [InlineData("[DoIt(Unlocked, Fallback = PerNet)] public RtnlResult New(in DoItRequest<Message> request) { State.Index++; return RtnlResult.Ok; }")]
    [InlineData("[RequiresLock(Unlocked)] public void Run() { State.Index++; }")]
    public async Task No_stronger_word_where_there_is_none_or_the_code_is_to_ask(string member) =>
        Assert.Empty(await FixHarness.TitlesAsync(new LockWordFix(), "RTNL101", State + "public sealed class H { " + member + " }"));

    [Theory]
    [InlineData("List<int>", "_rows", 0)]
    [InlineData("ImmutableArray<int>", "_rows", 1)]
    [InlineData("List<int>", "_rows.ToArray()", 1)]
    public async Task No_lock_where_a_collection_is_walked_across_a_yield(string type, string walked, int offered)
    {
        string source = $"public sealed class H {{ [GuardedBy(PerNet)] private readonly {type} _rows = []; [DumpIt(Unlocked)] public IEnumerable<Message> Dump(DumpItRequest<Message> request) => Rows(); private IEnumerable<Message> Rows() {{ foreach (int row in {walked}) yield return default; }} }}";
        Assert.Equal(offered, (await FixHarness.TitlesAsync(new LockWordFix(), "RTNL101", source)).Length);
        Assert.Equal(offered, (await FixHarness.TitlesAsync(new RequiresLockFix(), "RTNL101", source)).Length);
    }

    [Fact]
    public async Task Words_all_over_two_documents()
    {
        string Source(string type, string word) => $"public sealed class {type} {{\n    [DoIt({word})]\n    public RtnlResult New(in DoItRequest<Message> request) => RtnlResult.Ok;\n    [DoIt({word})]\n    public RtnlResult Get(in DoItRequest<Message> request) => RtnlResult.Ok;\n}}\n";
        Assert.Equal([Source("A", "Unlocked"), Source("B", "Unlocked")], await FixHarness.AllAsync(new LockWordFix(), "RTNL110", Source("A", "Rtnl"), Source("B", "PerNet")));
    }

    [Fact]
    public async Task Words_all_to_each_handlers_own()
    {
        string Source(string get, string put) => $"public sealed class H {{\n    [DoIt({put})]\n    public RtnlResult New(in DoItRequest<Message> request) {{ request.Notify(1, default(Message)); return RtnlResult.Ok; }}\n    [DoIt({get})]\n    public RtnlResult Get(in DoItRequest<Message> request) => RtnlResult.Ok;\n}}\n";
        Assert.Equal([Source("Unlocked", "PerNet")], await FixHarness.AllAsync(new LockWordFix(), "RTNL110", Source("Rtnl", "Rtnl")));
    }

    [Fact]
    public async Task Words_all_where_one_handler_is_found_wrong_several_times()
    {
        string Source(string type, string word) => $"public sealed class {type} {{\n    private int _a;\n    [DoIt({word})]\n    public RtnlResult New(in DoItRequest<Message> request)\n    {{\n        _a++;\n        _a--;\n        _a = 3;\n        return RtnlResult.Ok;\n    }}\n}}\n";
        Assert.Equal([Source("A", "PerNet"), Source("B", "PerNet")], await FixHarness.AllAsync(new LockWordFix(), "RTNL103", Source("A", "Unlocked"), Source("B", "Unlocked")));
    }

    [Theory]
    [InlineData("    /// <summary>Counts.</summary>\n    private static void Count() => State.Index++;", "    /// <summary>Counts.</summary>\n    [RequiresLock(PerNet)]\n    private static void Count() => State.Index++;")]
    [InlineData("    [Obsolete]\n    private static void Count() { State.Index++; }", "    [RequiresLock(PerNet)]\n    [Obsolete]\n    private static void Count() { State.Index++; }")]
    [InlineData("    private static int Value => State.Index;\n    private static void Count() => _ = Value;", "    [RequiresLock(PerNet)]\n    private static int Value => State.Index;\n    private static void Count() => _ = Value;")]
    [InlineData("    private static void Count()\n    {\n        Local();\n        static void Local() => State.Index++;\n    }", "    private static void Count()\n    {\n        Local();\n        [RequiresLock(PerNet)]\n        static void Local() => State.Index++;\n    }")]
    [InlineData("    [RequiresLock(Unlocked)] private static void Count() => State.Index++;", "    [RequiresLock(PerNet)] private static void Count() => State.Index++;")]
    public async Task Requires_the_lock(string before, string after)
    {
        string Source(string member) => $"{State}public sealed class H\n{{\n    [DoIt(Unlocked)] public RtnlResult New(in DoItRequest<Message> request) {{ Count(); return RtnlResult.Ok; }}\n{member}\n}}\n";
        Assert.Equal([Source(after)], await FixHarness.OneAsync(new RequiresLockFix(), "RTNL101", null, Source(before)));
    }

    [Fact]
    public async Task Requires_what_is_called()
    {
        string Source(string attribute) => $"public sealed class Cache : LockClass;\npublic sealed class H\n{{\n    private readonly Cache _cache = new();\n    [RequiresLock(Unlocked)] public void Run() => Help();\n    {attribute}private void Help() => RtnlAssert.Held(_cache);\n}}\n";
        Assert.Equal([Source("[RequiresLock(typeof(Cache))]\n    ")], await FixHarness.OneAsync(new RequiresLockFix(), "RTNL102", null, Source("")));
    }

    [Theory]
    [InlineData("[DoIt(Unlocked)] public RtnlResult New(in DoItRequest<Message> request) { State.Index++; return RtnlResult.Ok; }")]
    [InlineData("public Action Run() => () => State.Index++;")]
    [InlineData("static H() => State.Index++;")]
    [InlineData("private static readonly int s_index = State.Index;")]
    public async Task Requires_nothing_of_what_has_no_callers_to_hold_it(string member) =>
        Assert.Empty(await FixHarness.TitlesAsync(new RequiresLockFix(), "RTNL101", State + "public sealed class H { " + member + " }"));

    [Fact]
    public async Task Requires_all_over_two_documents()
    {
        string Source(string type, string attribute) => $"public sealed class {type}\n{{\n    [DoIt(Unlocked)] public RtnlResult New(in DoItRequest<Message> request) {{ Count(); return RtnlResult.Ok; }}\n    {attribute}private static void Count()\n    {{\n        State.Index++;\n        State.Index--;\n    }}\n}}\n";
        string[] after = await FixHarness.AllAsync(new RequiresLockFix(), "RTNL101", State, Source("A", ""), Source("B", ""));
        Assert.Equal([State, Source("A", "[RequiresLock(PerNet)]\n    "), Source("B", "[RequiresLock(PerNet)]\n    ")], after);
    }

    [Theory]
    [InlineData("(RtnlContext context, Device device)", "device.Net.Lock(context)", "device.Net.Registry.Gate.LockNetOf(device, context)")]
    [InlineData("(RtnlContext context, Device device)", "device.Peer.Net.Lock(context)", "device.Peer.Net.Registry.Gate.LockNetOf(device.Peer, context)")]
    [InlineData("(RtnlContext context, Device device, RtnlGate whole)", "device.Net.Lock(context)", "whole.LockNetOf(device, context)")]
    [InlineData("(RtnlContext context, Device device, NetRegistry nets)", "device.Net.Lock(context)", "nets.Gate.LockNetOf(device, context)")]
    [InlineData("(RtnlContext context, Func<Device> find, NetRegistry nets)", "find().Net.Lock(context)", "nets.Gate.LockNetOf(find(), context)")]
    public async Task Lock_net_of(string parameters, string before, string after)
    {
        string Source(string taken) => $"public sealed class S {{ [RequiresLock(Unlocked)] public void Run{parameters} {{ using ({taken}) {{ }} }} }}";
        Assert.Equal([Source(after)], await FixHarness.OneAsync(new LockNetOfFix(), "RTNL107", null, Source(before)));
    }

    [Fact]
    public async Task Lock_net_of_without_blocking()
    {
        const string Before = "public sealed class S(RtnlGate gate) { [RequiresLock(Unlocked)] public async Task Run(RtnlContext context, Device device) { using (await device.Net.LockAsync(context, default)) { } } }";
        Assert.Equal([Before.Replace("device.Net.LockAsync(", "gate.LockNetOfAsync(device, ", StringComparison.Ordinal)], await FixHarness.OneAsync(new LockNetOfFix(), "RTNL107", null, Before));
    }

    [Fact]
    public async Task Lock_net_of_by_a_gate_that_can_be_said_here()
    {
        const string Before = "public sealed class S(RtnlGate gate) { private readonly RtnlGate _gate = gate; [RequiresLock(Unlocked)] public static void Run(RtnlContext context, Device device) { using (device.Net.Lock(context)) { } } public RtnlGate Get() => _gate; }";
        Assert.Equal([Before.Replace("device.Net.Lock(", "device.Net.Registry.Gate.LockNetOf(device, ", StringComparison.Ordinal)], await FixHarness.OneAsync(new LockNetOfFix(), "RTNL107", null, Before));
    }

    [Theory]
    [InlineData("public static void Run(RtnlContext context, Device device, RtnlGate gate) { Local(); static void Local() { using (s_device!.Net.Lock(RtnlContext.Current!)) { } } }", "s_device!.Net")]
    [InlineData("public void Run(RtnlContext context, Device device) { using (device.Net.Lock(context)) { } RtnlGate late = device.Net.Registry.Gate; GC.KeepAlive(late); }", "device.Net")]
    public async Task Lock_net_of_by_no_gate_of_another_scope(string method, string net)
    {
        string before = $"public sealed class S {{ public static Device? s_device; [RequiresLock(Unlocked)] {method} }}";
        string after = before.Replace(net + ".Lock(", $"{net}.Registry.Gate.LockNetOf({net[..^4]}, ", StringComparison.Ordinal);
        Assert.Equal([after], await FixHarness.OneAsync(new LockNetOfFix(), "RTNL107", null, before));
    }

    [Theory]
    [InlineData("Net net = device.Net; using (net.Lock(context)) { }")]
    [InlineData("using (NetLockSet.Of(device.Net).Lock(context)) { }")]
    [InlineData("if (device.Net.TryLock(context, out RtnlLease lease)) lease.Dispose();")]
    [InlineData("using (Find().Net.Lock(context)) { } Device Find() => device;")]
    public async Task No_lock_net_of_where_it_would_not_be_the_same(string body) =>
        Assert.Empty(await FixHarness.TitlesAsync(new LockNetOfFix(), "RTNL107", $"public sealed class S {{ [RequiresLock(Unlocked)] public void Run(RtnlContext context, Device device) {{ {body} }} }}"));

    [Fact]
    public async Task Lock_net_of_all_over_two_documents()
    {
        string Source(string type, string first, string second) => $"public sealed class {type}(RtnlGate gate) {{ [RequiresLock(Unlocked)] public void Run(RtnlContext context, Device device) {{ using ({first}context)) {{ }} using ({second}context)) {{ }} }} public RtnlGate Gate => gate; }}";
        string[] after = await FixHarness.AllAsync(new LockNetOfFix(), "RTNL107", Source("A", "device.Net.Lock(", "device.Peer.Net.Lock("), Source("B", "device.Net.Lock(", "device.Net.Lock("));
        Assert.Equal([Source("A", "gate.LockNetOf(device, ", "gate.LockNetOf(device.Peer, "), Source("B", "gate.LockNetOf(device, ", "gate.LockNetOf(device, ")], after);
    }

    [Theory]
    [InlineData("RTNL005", "\"Find\"")]
    [InlineData("CS0103", "nameof(Find)")]
    public async Task The_resolve_method(string id, string name)
    {
        string before = $"public sealed record Plan(int Index);\npublic static class H\n{{\n    [DoIt(PerNet, Resolve = {name})]\n    public static RtnlResult New(in DoItRequest<Message> request, Plan? plan) => RtnlResult.Ok;\n}}\n";
        const string Stub = "\n\n    public static RtnlResult Find(in ResolveRequest<Message> request, out Plan? plan)\n    {\n        throw new NotImplementedException();\n    }\n}\n";
        Assert.Equal([before[..^3] + Stub], await FixHarness.OneAsync(new ResolveMethodFix(), id, null, before));
    }

    [Fact]
    public async Task No_resolve_method_where_there_is_one_that_does_not_fit() =>
        Assert.Empty(await FixHarness.TitlesAsync(new ResolveMethodFix(), "RTNL005", "public sealed class H { public void Find() { } [DoIt(PerNet, Resolve = \"Find\")] public RtnlResult New(in DoItRequest<Message> request, string plan) => RtnlResult.Ok; }"));
}
