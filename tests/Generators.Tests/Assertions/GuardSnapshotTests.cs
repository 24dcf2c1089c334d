using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators.Tests;

/// <summary>The asserting half of guarded partial properties. (That it compiles without a warning is checked in every run.)</summary>
public sealed class GuardSnapshotTests
{
    private const string Source =
        """
        namespace MyApp;

        public sealed class Cache : LockClass;

        public partial class Outer<T>
            where T : class
        {
            internal readonly partial record struct Nested(Net Net)
            {
                [GuardedBy(PerNet)]
                public partial int Once { get; init; }
            }

            private readonly Cache _cache = new();

            [GuardedBy(typeof(Cache))]
            public required partial T? Item { get; set; }

            [GuardedBy(Rtnl)]
            protected internal virtual partial (int A, string? B) Pair { get; private set; } = (1, null);

            [GuardedBy(PerNet)]
            public static partial int Total { get; set; }

            [GuardedBy(PerNet)]
            public int Plain { get; set; }
        }

        public partial class PerDevice(Net net)
        {
            private readonly Net _net = net;

            [GuardedBy(PerNet)]
            public partial int Count { get; set; }
        }

        public partial class Circle
        {
            [GuardedBy(PerNet)]
            public required partial Net First { get; set; }

            [GuardedBy(PerNet)]
            public required partial Net Second { get; set; }

            [GuardedBy(PerNet)]
            public partial int Count { get; set; }

            public Net Computed => First;
        }

        public abstract class NetState(Net net)
        {
            protected Net Home { get; } = net;
        }

        public partial class Derived(Net net) : NetState(net)
        {
            [GuardedBy(PerNet)]
            public partial int Count { get; set; }
        }

        public partial class Published
        {
            [GuardedBy(Rtnl)]
            public partial Rcu<string> Kinds { get; set; } = new("");
        }

        public partial class Keyed
        {
            private sealed class Own : LockClass;

            [GuardedBy(typeof(Own))]
            public partial int Count { get; set; }
        }

        [GuardedBy(PerNet)]
        public partial class Whole(Net net)
        {
            public partial int Count { get; set; }

            [GuardedBy(typeof(Cache))]
            public partial int Other { get; set; }
        }

        public partial class Pair(Net inner, Net outer)
        {
            [GuardedBy(PerNet, Net = nameof(outer))]
            public partial int Outer { get; set; }

            [GuardedBy(PerNet)]
            public partial int Either { get; set; }

            public Net Inner => inner;
        }
        """;

    [Fact]
    public void Every_form() => Verifier.Verify(
        GeneratorHarness.Run(Source),
        source => !source.HintName.EndsWith(".Guard.g.cs", StringComparison.Ordinal));

    [Theory]
    [InlineData("public class C { [GuardedBy(PerNet)] public partial int X { get; set; } }")]
    [InlineData("public partial class C { [GuardedBy(Unlocked)] public partial int X { get; set; } }")]
    [InlineData("public partial class C { [GuardedBy(PerNet)] public partial int X { get; set; } public partial int X { get => 1; set { } } }")]
    [InlineData("file partial class C { [GuardedBy(PerNet)] public partial int X { get; set; } }")]
    [InlineData("public partial interface I { [GuardedBy(PerNet)] public partial int X { get; set; } }")]
    public void What_has_no_generated_half(string source)
    {
        GeneratorDriver driver = GeneratorHarness.Driver().RunGenerators(GeneratorHarness.Compile("MyApp", source));
        Assert.All(driver.GetRunResult().Results, result => Assert.Null(result.Exception));
        Assert.DoesNotContain(driver.Files(), file => file.HintName.EndsWith(".Guard.g.cs", StringComparison.Ordinal));
    }
}
