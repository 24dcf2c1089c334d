using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Bench;

/// <summary>
/// An assembly with very many handlers, laid out as a real one is: each object has its message, its state and its handlers in files of their
/// own, and beside them lie as many files again that know nothing of netlink.
/// </summary>
internal static class ManyHandlers
{
    /// <summary>Handlers of one object.</summary>
    public const int PerObject = 5;

    private static readonly CSharpParseOptions s_parseOptions = new(LanguageVersion.CSharp14, DocumentationMode.Diagnose);

    public static CSharpParseOptions ParseOptions => s_parseOptions;

    /// <summary>The assembly's compilation, its trees parsed, nothing of it bound.</summary>
    public static CSharpCompilation Compile(int handlers)
    {
        IEnumerable<SyntaxTree> trees = Enumerable.Range(0, (handlers + PerObject - 1) / PerObject).SelectMany(static i => new[]
        {
            Parse(Message(i), MessagePath(i)),
            Parse(State(i), $"/src/Item{i:000}/Item{i:000}Table.cs"),
            Parse(Handlers(i), HandlersPath(i)),
            Parse(Unrelated(i), UnrelatedPath(i)),
        });
        return CSharpCompilation.Create(
            "Many.Handlers",
            trees.Append(Parse("global using System.Collections.Generic;\n", "/src/Usings.cs")),
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    public static string HandlersPath(int i) => $"/src/Item{i:000}/Item{i:000}Handlers.cs";

    public static string MessagePath(int i) => $"/src/Item{i:000}/Item{i:000}Message.cs";

    public static string UnrelatedPath(int i) => $"/src/Services/Service{i:000}.cs";

    private static SyntaxTree Parse(string text, string path) => CSharpSyntaxTree.ParseText(Microsoft.CodeAnalysis.Text.SourceText.From(text), s_parseOptions, path);

    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(static path => Path.GetFileName(path) is "SmallRtnl.dll" or "netstandard.dll" || Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))
        .Select(static path => MetadataReference.CreateFromFile(path));

    /// <summary>Types of our own begin behind RTM_MAX; each object has four.</summary>
    private static string NewType(int i) => (1000 + (4 * i)).ToString(CultureInfo.InvariantCulture);

    private static string Message(int i) =>
        $$"""
        using SmallRtnl;

        namespace Many.Item{{i:000}};

        public readonly record struct Item{{i:000}}Header(ProtocolFamily Family, byte Pad1, byte Pad2, byte Pad3);

        public enum Item{{i:000}}State : byte
        {
            Unknown,
            Up,
            Down,
        }

        [NetlinkNest]
        public readonly partial record struct Item{{i:000}}Counters
        {
            [NetlinkAttribute(1)]
            public ulong? Packets { get; init; }

            [NetlinkAttribute(2)]
            public ulong? Bytes { get; init; }
        }

        /// <summary>An item on the wire.</summary>
        [NetlinkMessage((RtmType){{NewType(i)}}, Header = typeof(Item{{i:000}}Header))]
        public readonly partial record struct Item{{i:000}}Message
        {
            [NetlinkAttribute(1)]
            public InetAddress? Address { get; init; }

            [NetlinkAttribute(2)]
            public InterfaceName? Name { get; init; }

            [NetlinkAttribute(3, Min = 1, Max = 86_400)]
            public uint? Seconds { get; init; }

            [NetlinkAttribute(4, Max = 2)]
            public Item{{i:000}}State? State { get; init; }

            [NetlinkAttribute(5)]
            public Item{{i:000}}Counters? Counters { get; init; }

            [NetlinkAttribute(6, Reject = true)]
            public uint? Generation { get; init; }
        }
        """;

    private static string State(int i) =>
        $$"""
        using System.Collections.Immutable;
        using SmallRtnl;

        namespace Many.Item{{i:000}};

        public sealed record Item{{i:000}}(InetAddress Address, InterfaceName Name, uint Seconds);

        public sealed record Item{{i:000}}Table(ImmutableSortedDictionary<InetAddress, Item{{i:000}}> Items)
        {
            public static Item{{i:000}}Table Empty { get; } = new(ImmutableSortedDictionary<InetAddress, Item{{i:000}}>.Empty);
        }

        public sealed record Item{{i:000}}Plan(Item{{i:000}} Item);

        [PernetSubsystem]
        public sealed class Item{{i:000}}Subsystem : IPernetSubsystem
        {
            public void Init(PernetInit init) => init.Add(Item{{i:000}}Table.Empty);

            public void Exit(RtnlContext context, Net net) => context.Stage(net, Item{{i:000}}Table.Empty);
        }
        """;

    private static string Handlers(int i) =>
        $$"""
        using System.Linq;
        using SmallRtnl;
        using static SmallRtnl.RtnlLock;

        namespace Many.Item{{i:000}};

        /// <summary>The item's defaults.</summary>
        public sealed record Item{{i:000}}Policy(uint DefaultSeconds);

        /// <summary>The item's handlers.</summary>
        public sealed class Item{{i:000}}Handlers(Item{{i:000}}Policy policy)
        {
            [DoIt(PerNet, Resolve = nameof(Find))]
            public RtnlResult New(in DoItRequest<Item{{i:000}}Message> request, Item{{i:000}}Plan plan)
            {
                Item{{i:000}}Table table = request.Read<Item{{i:000}}Table>();
                if (table.Items.ContainsKey(plan.Item.Address))
                    return RtnlResult.Error(Errno.EEXIST, "item: there already", 1);
                request.Stage(new Item{{i:000}}Table(table.Items.Add(plan.Item.Address, plan.Item)));
                request.Notify(50, ToMessage(plan.Item));
                return RtnlResult.Ok;
            }

            public RtnlResult Find(in ResolveRequest<Item{{i:000}}Message> request, out Item{{i:000}}Plan plan)
            {
                plan = null!;
                if (request.Message.Address is not { } address)
                    return RtnlResult.Error(Errno.EINVAL, "item: an address is needed");
                plan = new Item{{i:000}}Plan(new Item{{i:000}}(address, request.Message.Name ?? default, request.Message.Seconds ?? policy.DefaultSeconds));
                return RtnlResult.Ok;
            }

            [DoIt(Lock = PerNet)]
            public RtnlResult Delete(in DoItRequest<Item{{i:000}}Message> request)
            {
                Item{{i:000}}Table table = request.Read<Item{{i:000}}Table>();
                if (request.Message.Address is not { } address || !table.Items.TryGetValue(address, out Item{{i:000}}? item))
                    return RtnlResult.Error(Errno.ENOENT, "item: not there", 1);
                request.Stage(new Item{{i:000}}Table(table.Items.Remove(address)));
                request.Notify(50, ToMessage(item));
                return RtnlResult.Ok;
            }

            [DoIt(Unlocked, Fallback = PerNet)]
            public RtnlResult Get(in DoItRequest<Item{{i:000}}Message> request)
            {
                if (request.Message.Address is { } address && request.Read<Item{{i:000}}Table>().Items.TryGetValue(address, out Item{{i:000}}? item))
                    return request.Reply(ToMessage(item));
                return request.IsLocked ? RtnlResult.Error(Errno.ENOENT) : RtnlResult.NeedsLock;
            }

            [DoIt(PerNet)]
            public RtnlResult Set(in DoItRequest<Item{{i:000}}Message> request)
            {
                Item{{i:000}}Table table = request.Read<Item{{i:000}}Table>();
                if (request.Message.Address is not { } address || !table.Items.TryGetValue(address, out Item{{i:000}}? item))
                    return RtnlResult.Error(Errno.ENOENT, "item: not there", 1);
                request.Stage(new Item{{i:000}}Table(table.Items.SetItem(address, item with { Seconds = request.Message.Seconds ?? item.Seconds })));
                return RtnlResult.Ok;
            }

            [DumpIt(Unlocked)]
            public IEnumerable<Item{{i:000}}Message> Dump(DumpItRequest<Item{{i:000}}Message> request) =>
                request.Read<Item{{i:000}}Table>().Items.Values.Select(ToMessage);

            private static Item{{i:000}}Message ToMessage(Item{{i:000}} item) => new()
            {
                Header = new Item{{i:000}}Header(item.Address.Family, 0, 0, 0),
                Address = item.Address,
                Name = item.Name.IsEmpty ? null : item.Name,
                Seconds = item.Seconds,
            };
        }
        """;

    private static string Unrelated(int i) =>
        $$"""
        using System;

        namespace Many.Services;

        /// <summary>Something else that the program does.</summary>
        public sealed class Service{{i:000}}(TimeProvider clock)
        {
            private readonly Dictionary<string, DateTimeOffset> _seen = [];

            [Obsolete("Ask again.")]
            public bool Saw(string name) => _seen.ContainsKey(name);

            public int Note(string name)
            {
                int count = 0;
                _seen[name] = clock.GetUtcNow();
                foreach ((string _, DateTimeOffset at) in _seen)
                {
                    if (at > clock.GetUtcNow().AddMinutes(-5))
                        count++;
                }
                return count;
            }
        }
        """;
}
