using System.Diagnostics;

namespace SmallRtnl.Generators.Tests;

/// <summary>
/// A user's project, built by the SDK of this machine. A generator that its compiler refuses to load (CS9057) generates nothing and says
/// so only in a warning; the table would be empty.
/// </summary>
public sealed class ConsumerTests
{
    [Fact]
    public async Task A_users_project_builds_and_its_table_is_not_empty()
    {
        string project = Path.Combine(Verifier.RepositoryRoot, "tests", "Generators.Tests", "Consumer", "Consumer.csproj");
        string output = Directory.CreateTempSubdirectory("smallrtnl-consumer-").FullName;
        try
        {
            string build = await RunAsync(
                "build",
                project,
                "-v:q",
                "-nodeReuse:false",
                "-warnaserror",
                // Every rule of the SDK.
                "-p:AnalysisMode=All",
                "-p:UseSharedCompilation=false",
                // Apart from the tests' own output.
                $"-p:BaseIntermediateOutputPath={output}/obj/",
                $"-p:OutputPath={output}/bin/",
                $"-p:FrameworkAssembly={typeof(RtnlGate).Assembly.Location}",
                $"-p:GeneratorAssembly={typeof(DispatchGenerator).Assembly.Location}");
            Assert.DoesNotContain(": warning ", build, StringComparison.Ordinal);
            Assert.DoesNotContain("CS9057", build, StringComparison.Ordinal);
            string table = await RunAsync(Path.Combine(output, "bin", "My.App.dll"));
            Assert.Equal(
                """
                AddressHandlers.New RTM_NEWADDR doit PerNet My.App
                AddressHandlers.Dump RTM_GETADDR dumpit Unlocked My.App

                """,
                table);
        }
        finally
        {
            Directory.Delete(output, recursive: true);
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments);
        // The test runner's own settings are none of the build's business.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        (int exitCode, string output, string errors) = await Patience.RunAsync(start, TimeSpan.FromMinutes(8));
        Assert.True(exitCode == 0, output + errors);
        return output;
    }
}
