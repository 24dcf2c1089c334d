using System.Collections.Immutable;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

namespace SmallRtnl.Packages.Tests;

/// <summary>What lies inside the packages.</summary>
public sealed class PackageTests(PackedFixture packed)
{
    private static readonly Guid s_embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    [Fact]
    public void SmallRtnl_carries_the_runtime_the_generator_and_the_code_fixes()
    {
        using ZipArchive package = packed.Open("SmallRtnl");
        Assert.Equal(
            [
                "README.md",
                "analyzers/dotnet/cs/SmallRtnl.Generators.CodeFixes.dll",
                "analyzers/dotnet/cs/SmallRtnl.Generators.dll",
                "lib/net10.0/SmallRtnl.dll",
                "lib/net10.0/SmallRtnl.xml",
            ],
            Files(package).Where(file => !file.StartsWith("buildTransitive/", StringComparison.Ordinal)));
        Assert.Contains("buildTransitive/SmallRtnl.targets", Files(package));
        // What NuGet imports is named as the package is.
        Assert.All(Files(package).Where(file => file.StartsWith("buildTransitive/", StringComparison.Ordinal)), file => Assert.Matches("^buildTransitive/SmallRtnl[.](props|targets)$", file));
        Assert.Equal(["Microsoft.Extensions.Hosting.Abstractions", "Microsoft.Extensions.Options"], Dependencies(package, "SmallRtnl"));
    }

    [Fact]
    public void SmallRtnl_Handlers_depends_on_SmallRtnl_alone_and_hides_nothing_of_it()
    {
        using ZipArchive package = packed.Open("SmallRtnl.Handlers");
        Assert.Equal(["README.md", "lib/net10.0/SmallRtnl.Handlers.dll", "lib/net10.0/SmallRtnl.Handlers.xml"], Files(package));
        XElement dependency = Assert.Single(Nuspec(package, "SmallRtnl.Handlers").Descendants(), element => element.Name.LocalName == "dependency");
        Assert.Equal("SmallRtnl", dependency.Attribute("id")!.Value);
        Assert.Equal(packed.Version, dependency.Attribute("version")!.Value);
        Assert.Null(dependency.Attribute("exclude"));
    }

    [Theory]
    [InlineData("SmallRtnl")]
    [InlineData("SmallRtnl.Handlers")]
    public void A_package_says_what_it_is(string name)
    {
        using ZipArchive package = packed.Open(name);
        XElement metadata = Nuspec(package, name).Elements().Single();
        string Of(string element) => metadata.Elements().SingleOrDefault(child => child.Name.LocalName == element)?.Value ?? "";
        Assert.Equal("MIT", Of("license"));
        Assert.Equal("README.md", Of("readme"));
        // NuGet's own text where there is none.
        Assert.NotEqual("Package Description", Of("description"));
        Assert.Contains("rtnetlink", Of("tags"), StringComparison.Ordinal);
        Assert.Contains("## A handler in ten lines", Text(package, "README.md"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SmallRtnl")]
    [InlineData("SmallRtnl.Handlers")]
    public void Symbols_name_no_folder_of_the_machine_that_packed_and_hold_what_was_generated(string name)
    {
        using ZipArchive symbols = packed.Open(name, "snupkg");
        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbImage(Bytes(symbols, $"lib/net10.0/{name}.pdb"));
        MetadataReader reader = provider.GetMetadataReader();
        (string Name, bool Embedded)[] documents =
        [
            .. reader.Documents.Select(handle => (
                reader.GetString(reader.GetDocument(handle).Name),
                reader.GetCustomDebugInformation(handle).Any(information => reader.GetGuid(reader.GetCustomDebugInformation(information).Kind) == s_embeddedSource))),
        ];
        Assert.NotEmpty(documents);
        Assert.All(documents, document => Assert.StartsWith("/_", document.Name, StringComparison.Ordinal));
        // The rest is in the repository, at the commit that the package names.
        Assert.All(documents.Where(document => document.Name.EndsWith(".g.cs", StringComparison.Ordinal)), document => Assert.True(document.Embedded, document.Name));
        Assert.Contains(documents, document => document.Embedded);
    }

    [Theory]
    [InlineData("SmallRtnl.Generators")]
    [InlineData("SmallRtnl.Generators.CodeFixes")]
    public void Every_compiler_that_can_build_net10_loads_what_is_for_it(string name)
    {
        using ZipArchive package = packed.Open("SmallRtnl");
        using var image = new PEReader(Bytes(package, $"analyzers/dotnet/cs/{name}.dll"));
        MetadataReader reader = image.GetMetadataReader();
        AssemblyReference[] roslyn =
        [
            .. reader.AssemblyReferences.Select(reader.GetAssemblyReference)
                .Where(reference => reader.GetString(reference.Name).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
        ];
        Assert.NotEmpty(roslyn);
        Assert.All(roslyn, reference => Assert.True(reference.Version <= new Version(5, 0, 0, 0), $"{reader.GetString(reference.Name)} {reference.Version}"));
    }

    [Fact]
    public void The_code_fixes_are_exported()
    {
        using ZipArchive package = packed.Open("SmallRtnl");
        using var image = new PEReader(Bytes(package, "analyzers/dotnet/cs/SmallRtnl.Generators.CodeFixes.dll"));
        MetadataReader reader = image.GetMetadataReader();
        int exported = reader.CustomAttributes.Select(handle => reader.GetCustomAttribute(handle).Constructor)
            .Where(constructor => constructor.Kind == HandleKind.MemberReference)
            .Select(constructor => reader.GetMemberReference((MemberReferenceHandle)constructor).Parent)
            .Count(parent => parent.Kind == HandleKind.TypeReference
                && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "ExportCodeFixProviderAttribute");
        Assert.True(exported >= 4, $"{exported} code fixes");
    }

    /// <summary>The files that the packer was given; the others are NuGet's own.</summary>
    private static string[] Files(ZipArchive package) =>
    [
        .. package.Entries.Select(entry => entry.FullName)
            .Where(file => !file.StartsWith("_rels/", StringComparison.Ordinal) && !file.StartsWith("package/", StringComparison.Ordinal))
            .Where(file => file != "[Content_Types].xml" && !file.EndsWith(".nuspec", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    private static string[] Dependencies(ZipArchive package, string name) =>
        [.. Nuspec(package, name).Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)];

    private static XElement Nuspec(ZipArchive package, string name) => XElement.Parse(Text(package, $"{name}.nuspec").TrimStart('\uFEFF'));

    private static string Text(ZipArchive package, string file)
    {
        using var reader = new StreamReader(package.GetEntry(file)!.Open());
        return reader.ReadToEnd();
    }

    private static ImmutableArray<byte> Bytes(ZipArchive package, string file)
    {
        using Stream stream = package.GetEntry(file)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return [.. memory.ToArray()];
    }
}
