using System.IO.Compression;
using System.Reflection;

[assembly: AssemblyFixture(typeof(SmallRtnl.Packages.Tests.PackedFixture))]

namespace SmallRtnl.Packages.Tests;

/// <summary>What eng/pack.sh made, and a folder outside the tree for those who use it, with a NuGet cache of its own.</summary>
public sealed class PackedFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smallrtnl-packages-").FullName;

    public static string Root { get; } = FindRoot();

    public string Packages => Path.Combine(_folder, "packages");

    public string Cache => Path.Combine(_folder, "cache");

    public string Version { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await Shell.RunAsync(Root, Path.Combine(Root, "eng", "pack.sh"), "--output", Packages);
        string handlers = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(Packages, "SmallRtnl.Handlers.*.nupkg")));
        Version = handlers["SmallRtnl.Handlers.".Length..];

        foreach (string file in Directory.GetFiles(Path.Combine(Root, "tests", "Packages.Tests", "Consumers"), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(_folder, Path.GetRelativePath(Path.Combine(Root, "tests", "Packages.Tests", "Consumers"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "Directory.Build.props"),
            $"""
            <Project>
              <PropertyGroup>
                <SmallRtnlVersion>{Version}</SmallRtnlVersion>
                <HostingVersion>{Metadata("HostingVersion")}</HostingVersion>
              </PropertyGroup>
            </Project>
            """);
        // Only this folder has packages of that name. What this machine has restored already need not be asked for again.
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Cache}" /></config>
              <packageSources><add key="packed" value="{Packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{Metadata("MachineCache")}" /></fallbackPackageFolders>
            </configuration>
            """);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    public string Consumer(string name) => Path.Combine(_folder, name);

    public ZipArchive Open(string package, string extension = "nupkg") => ZipFile.OpenRead(Path.Combine(Packages, $"{package}.{Version}.{extension}"));

    private static string Metadata(string key) =>
        typeof(PackedFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Framework.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("Not inside the repository.");
    }
}
