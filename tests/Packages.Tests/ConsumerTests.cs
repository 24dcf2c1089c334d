namespace SmallRtnl.Packages.Tests;

/// <summary>Users' projects outside the tree, which know the packages alone.</summary>
public sealed class ConsumerTests(PackedFixture packed)
{
    [Fact]
    public async Task Handlers_of_a_users_own_are_generated_for_judged_and_served()
    {
        string folder = packed.Consumer("OwnHandlers");
        string build = await Shell.RunAsync(folder, "dotnet", "build", "-v:q");
        // A generator that the compiler refuses (CS9057) says so in a warning.
        Assert.DoesNotContain("warning ", build, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(packed.Cache, "smallrtnl", packed.Version)), "The package came from elsewhere.");
        Assert.Equal(
            """
            LabelHandlers.New RTM_NEWADDR doit PerNet Proven
            LabelHandlers.Dump RTM_GETADDR dumpit Unlocked Proven
            new None
            dump eth0
            dump eth1
            reset RtnlAssertionException

            """,
            await Shell.RunAsync(folder, "dotnet", "bin/Debug/net10.0/My.App.dll"));

        (int exitCode, string refused) = await Shell.TryRunAsync(folder, "dotnet", "build", "-v:q", "--no-restore", "-p:WithWrongWord=true");
        Assert.NotEqual(0, exitCode);
        string[] errors = [.. refused.Split('\n').Where(line => line.Contains(": error ", StringComparison.Ordinal)).Distinct()];
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.Matches(@"WrongWord\.cs\(10,\d+\): error RTNL101: ", error));
    }

    [Fact]
    public async Task The_package_of_handlers_serves_links_and_brings_the_generator()
    {
        string folder = packed.Consumer("Served");
        string build = await Shell.RunAsync(folder, "dotnet", "build", "-v:q");
        Assert.DoesNotContain("warning ", build, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(packed.Cache, "smallrtnl.handlers", packed.Version)), "The package came from elsewhere.");
        Assert.Equal(
            """
            get None lo 1
            new None
            dump lo
            dump dummy0
            own ENOENT

            """,
            await Shell.RunAsync(folder, "dotnet", "bin/Debug/net10.0/Served.dll"));
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Another_machine_packs_the_same_bytes()
    {
        string verified = await Shell.RunAsync(PackedFixture.Root, Path.Combine(PackedFixture.Root, "eng", "pack.sh"), "--verify");
        foreach (string assembly in (string[])["SmallRtnl.dll", "SmallRtnl.Handlers.dll", "SmallRtnl.Generators.dll", "SmallRtnl.Generators.CodeFixes.dll"])
            Assert.Contains($"/{assembly}\n", verified, StringComparison.Ordinal);
    }
}
