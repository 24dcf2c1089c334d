using CsCheck;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators.Tests;

/// <summary>The sample's and our own handlers, torn wherever a user could leave them: nothing throws, and what is generated parses.</summary>
public sealed class HalfTypedTests
{
    private const string Sample = "samples/LeaseHost";
    private const string Guarded = "tests/Generators.Tests/Guarded";

    public static TheoryData<string, string> SmallFiles => new()
    {
        { Sample, "LeaseHandlers.cs" },
        { Sample, "LeaseMessage.cs" },
        { Sample, "LeaseTable.cs" },
        { "src/Handlers/NetIds", "NetIdHandlers.cs" },
        { "src/Handlers/NetIds", "NetIdMessage.cs" },
        { Guarded, "Shelf.cs" },
        { Guarded, "ShelfState.cs" },
    };

    public static TheoryData<string, string> LargeFiles => new()
    {
        { "src/Handlers/Addresses", "InetAddressHandlers.cs" },
        { "src/Handlers/Addresses", "AddressMessage.cs" },
        { "src/Handlers/Links", "LinkHandlers.cs" },
        { "src/Handlers/Links", "LinkNests.cs" },
    };

    [Theory]
    [MemberData(nameof(SmallFiles))]
    public void A_file_that_ends_behind_any_token_breaks_nothing(string folder, string name) => Tear(folder, name, isLong: false, HalfTyped.Ends);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(SmallFiles))]
    [MemberData(nameof(LargeFiles))]
    public void A_file_that_ends_at_any_character_breaks_nothing(string folder, string name) => Tear(folder, name, isLong: true, file => Enumerable.Range(0, file.Length + 1));

    [Theory]
    [InlineData(Sample, 12)]
    [InlineData(Guarded, 12)]
    [InlineData("src/Handlers/NetIds", 8)]
    [InlineData("src/Handlers/Addresses", 2)]
    [InlineData("src/Handlers/Links", 2)]
    public void Tokens_lost_doubled_and_exchanged_break_nothing(string folder, int programs) => Shuffle(folder, programs);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(Sample, 1500)]
    [InlineData(Guarded, 800)]
    [InlineData("src/Handlers/NetIds", 800)]
    [InlineData("src/Handlers/Addresses", 400)]
    [InlineData("src/Handlers/Links", 400)]
    public void Very_many_tokens_lost_doubled_and_exchanged_break_nothing(string folder, int programs) => Shuffle(folder, programs);

    [Fact]
    public void What_asserts_is_generated_here_too()
    {
        var program = new HalfTyped(Guarded);
        SyntaxTree file = program.File("Shelf.cs");
        IEnumerable<string> generated = program.Judge(file, file.ToString());
        Assert.Contains("LockCalls.g.cs", generated);
        Assert.Contains("Guarded.Shelf.Books.Guard.g.cs", generated);
    }

    private static void Tear(string folder, string name, bool isLong, Func<SyntaxTree, IEnumerable<int>> endsOf)
    {
        var program = new HalfTyped(folder);
        SyntaxTree file = program.File(name);
        string text = file.ToString();
        int count = 0;
        foreach (int end in endsOf(file))
        {
            if (count++ % (isLong ? 10 : 150) == 0)
                program.Judge(file, text[..end]);
            else
                program.Type(file, text[..end]);
        }
        Assert.True(count > 50, $"{name} has {count} ends.");
        program.Judge(file, text);
    }

    /// <summary>One to four faults in a file; a failure names the seed that makes it again.</summary>
    private static void Shuffle(string folder, int programs)
    {
        var program = new HalfTyped(folder);
        Gen<(int What, int First, int Second)> fault = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000]);
        Gen.Select(Gen.Int[0, program.Files.Length - 1], fault.Array[1, 4]).Sample(
            (index, faults) =>
            {
                SyntaxTree file = program.Files[index];
                List<string> tokens = [.. file.GetRoot().DescendantTokens().Select(token => token.ToFullString())];
                foreach ((int what, int first, int second) in faults)
                {
                    int one = first % tokens.Count;
                    int other = second % tokens.Count;
                    switch (what)
                    {
                        case 0:
                            tokens.RemoveAt(one);
                            break;
                        case 1:
                            tokens.Insert(one, tokens[one]);
                            break;
                        default:
                            (tokens[one], tokens[other]) = (tokens[other], tokens[one]);
                            break;
                    }
                }
                program.Judge(file, string.Concat(tokens));
            },
            iter: programs,
            threads: 1);
    }
}
