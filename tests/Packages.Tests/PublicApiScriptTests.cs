namespace SmallRtnl.Packages.Tests;

/// <summary>eng/public-api.sh, with a dotnet that does not get as far as building.</summary>
public sealed class PublicApiScriptTests : IDisposable
{
    private const string Declared = "#nullable enable\nSmallRtnl.Errno\nSmallRtnl.Net\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("smallrtnl-public-api-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    // Of a group of its own, as a terminal's Ctrl-C is.
    [InlineData("kill -TERM 0; sleep 30")]
    [InlineData("exit 1")]
    public async Task What_was_declared_stays_when_the_build_does_not_end(string dotnet)
    {
        string unshipped = await FileAsync("src/Framework/PublicAPI.Unshipped.txt", Declared);
        await FileAsync("src/Framework/PublicAPI.Shipped.txt", "#nullable enable\n");
        string script = await FileAsync("eng/public-api.sh", await File.ReadAllTextAsync(Path.Combine(PackedFixture.Root, "eng", "public-api.sh")));
        await FileAsync("bin/dotnet", $"#!/bin/sh\nhead -c 100 '{unshipped}' > '{_folder}/seen'\n{dotnet}\n");
        (int exitCode, string output) = await Shell.TryRunAsync(_folder, "setsid", "--wait", "env", $"PATH={_folder}/bin:{Environment.GetEnvironmentVariable("PATH")}", script);
        Assert.NotEqual(0, exitCode);
        // The build is asked with nothing declared.
        Assert.Equal("#nullable enable\n", await File.ReadAllTextAsync(Path.Combine(_folder, "seen")));
        Assert.True(await File.ReadAllTextAsync(unshipped) == Declared, output);
    }

    private async Task<string> FileAsync(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
