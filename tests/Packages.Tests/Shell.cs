using System.Diagnostics;

namespace SmallRtnl.Packages.Tests;

/// <summary>Runs programs in a user's circumstances.</summary>
internal static class Shell
{
    public static async Task<(int ExitCode, string Output)> TryRunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder };
        // The test runner's own settings are none of the build's business.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        // No server outlives the build: it would hold the ends of our pipes.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        (int exitCode, string output, string errors) = await Patience.RunAsync(start, TimeSpan.FromMinutes(8));
        return (exitCode, output + errors);
    }

    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        (int exitCode, string output) = await TryRunAsync(folder, program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {exitCode}\n{output}");
        return output;
    }
}
