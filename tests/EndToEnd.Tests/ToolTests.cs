using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>The tool's verbs about handlers, run as a user runs them.</summary>
public sealed class ToolTests
{
    [Fact]
    public async Task Every_handler_is_listed_with_its_verdict_and_weakest_word()
    {
        (int exit, string output, _) = await RunAsync("handlers", "--json");
        Assert.Equal(0, exit);
        JsonElement[] handlers = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.NotEmpty(handlers);
        Assert.All(handlers, handler =>
        {
            Assert.Equal("Proven", handler.GetProperty("verdict").GetString());
            Assert.Equal(handler.GetProperty("lock").GetString(), handler.GetProperty("weakest").GetString());
            Assert.Equal(0, handler.GetProperty("escapes").GetInt32());
        });
    }

    [Fact]
    public async Task Every_handler_is_explained()
    {
        (_, string listed, _) = await RunAsync("handlers", "--json");
        foreach (JsonElement handler in JsonDocument.Parse(listed).RootElement.EnumerateArray())
        {
            string message = handler.GetProperty("message").GetString()!;
            string operation = handler.GetProperty("operation").GetString()!;
            (int exit, string output, string error) = await RunAsync("explain", handler.GetProperty("familyNumber").GetInt32().ToString(), message, "--json");
            Assert.True(exit == 0, error);
            JsonElement explained = JsonDocument.Parse(output).RootElement.EnumerateArray().Single(found => found.GetProperty("operation").GetString() == operation);
            Assert.Equal(handler.GetProperty("handler").GetString(), explained.GetProperty("handler").GetString());
            Assert.Equal("Proven", explained.GetProperty("verdict").GetString());
            Assert.Contains(handler.GetProperty("lock").GetString()!, explained.GetProperty("attribute").GetString(), StringComparison.Ordinal);
            Assert.Contains("TryParse(out ", explained.GetProperty("thunk").GetString(), StringComparison.Ordinal);
            // What reads a snapshot reaches nothing that a lock covers; what changes a namespace stages at the least.
            bool touches = explained.GetProperty("touches").EnumerateArray().Any(touch => touch.GetProperty("lock").GetString() == "PerNet");
            Assert.Equal(handler.GetProperty("lock").GetString() == "PerNet", touches);
        }
    }

    [Fact]
    public async Task An_explanation_says_how_a_handler_is_locked_and_shows_its_thunk()
    {
        (int exit, string output, _) = await RunAsync("explain", "inet", "newaddr");
        Assert.Equal(0, exit);
        Assert.Contains("[DoIt(RTM_NEWADDR, Lock = PerNet, Family = AF_INET)]   InetAddressHandlers.cs", output, StringComparison.Ordinal);
        Assert.Contains("PerNet   the namespace's mutex; RTNL, shared", output, StringComparison.Ordinal);
        Assert.Contains("Nested   RTNL, exclusive; the namespace's mutex", output, StringComparison.Ordinal);
        Assert.Contains("Proven: PerNet suffices; every call was followed.", output, StringComparison.Ordinal);
        Assert.Contains("RtnlAssert.NetHeld(context.Net, context);", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_family_without_a_handler_of_its_own_is_served_by_the_unspecified_one()
    {
        (int exit, string output, _) = await RunAsync("explain", "AF_INET", "RTM_NEWLINK");
        Assert.Equal(0, exit);
        Assert.Contains("AF_INET has no doit of its own: PF_UNSPEC's serves it.", output, StringComparison.Ordinal);
        Assert.Contains("ResolveNew finds what it is about and names the namespaces", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mpls", "RTM_NEWADDR", "Nothing handles RTM_NEWADDR of AF_MPLS")]
    [InlineData("foo", "RTM_NEWADDR", "'foo' is no protocol family")]
    [InlineData("inet", "bar", "'bar' is no message type")]
    public async Task What_nothing_handles_is_said_plainly(string family, string message, string expected)
    {
        (int exit, _, string error) = await RunAsync("explain", family, message);
        Assert.Equal(1, exit);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_order_of_the_locks_is_drawn_as_a_tree()
    {
        (int exit, string output, _) = await RunAsync("handlers", "--order");
        Assert.Equal(0, exit);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.EndsWith("Rtnl", lines[1].TrimEnd(), StringComparison.Ordinal);
        Assert.EndsWith("PerNet", lines[2].TrimEnd(), StringComparison.Ordinal);
        Assert.True(lines[2].IndexOf("PerNet", StringComparison.Ordinal) > lines[1].IndexOf("Rtnl", StringComparison.Ordinal));
    }

    /// <summary>The shares in the README and the table in the docs come from the command.</summary>
    [Fact]
    public async Task The_documented_table_and_shares_are_what_the_tool_prints()
    {
        (int exit, string output, _) = await RunAsync("handlers", "--markdown");
        Assert.Equal(0, exit);
        Assert.Contains(output.TrimEnd(), await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "handlers.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        string readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"), TestContext.Current.CancellationToken);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.Contains(string.Join('\n', lines[^2..]), readme, StringComparison.Ordinal);
    }

    private static Task<(int Exit, string Output, string Error)> RunAsync(params string[] arguments) => Patience.RunAsync(new ProcessStartInfo(Repository.Launcher, arguments));
}
