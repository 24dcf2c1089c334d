using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SmallRtnl.Generators;

/// <summary>A registration that a referenced assembly offers.</summary>
/// <param name="Method">AddXHandlers.</param>
/// <param name="Assembly">The assembly.</param>
/// <param name="Class">The class that the method stands in.</param>
internal sealed record RegistrationModel(string Method, string Assembly, string Class);

/// <summary>
/// The registrations of the referenced assemblies. Equal to those of an earlier compilation with the same references, so that nothing is looked at again while
/// somebody types. Holds its compilation until it has been read, and symbols never.
/// </summary>
internal sealed class Registrations(Compilation compilation)
{
    private readonly ImmutableArray<MetadataReference> _references = compilation.ExternalReferences;
    private Compilation? _compilation = compilation;
    private EquatableArray<RegistrationModel> _models;

    /// <summary>What is offered, by method and assembly.</summary>
    public static IncrementalValueProvider<EquatableArray<RegistrationModel>> Of(IncrementalGeneratorInitializationContext context) => context.CompilationProvider
        .Select(static (compilation, _) => new Registrations(compilation))
        .WithComparer(Comparer.Instance)
        .WithTrackingName(TrackingNames.RegistrationDeclarations)
        .Select(static (found, cancellation) => found.Read(cancellation))
        .WithTrackingName(TrackingNames.Registrations);

    /// <summary>What is wrong with the names that a project sees, as sentences.</summary>
    public static IEnumerable<string> Faults(EquatableArray<RegistrationModel> referenced, ModuleModel module, string? chosen)
    {
        bool registers = module.Classes.Count > 0 || module.Subsystems.Count > 0;
        string own = $"Add{module.Stem}Handlers";
        if (chosen is not null && !SyntaxFacts.IsValidIdentifier(own))
            yield return $"'{chosen}' makes no name of a method; write [assembly: RtnetlinkHandlers(Name = \"…\")] with letters and digits";
        foreach (IGrouping<string, RegistrationModel> same in referenced.GroupBy(found => found.Method, StringComparer.Ordinal))
        {
            RegistrationModel[] offers = [.. same];
            if (registers && same.Key == own)
            {
                yield return $"{module.Assembly} and {string.Join(", ", offers.Select(offer => offer.Assembly))}, which it references, both give {own}(); "
                    + $"write [assembly: RtnetlinkHandlers(Name = \"{module.Stem}App\")], or another name, in {module.Assembly}";
            }
            else if (offers.Length > 1)
            {
                yield return $"{string.Join(" and ", offers.Select(offer => offer.Assembly))}, which are referenced, all give {same.Key}(); write [assembly: RtnetlinkHandlers(Name = \"…\")] in one of them, "
                    + $"or, where they are not yours, call SmallRtnl.{string.Join(" and SmallRtnl.", offers.Select(offer => $"{offer.Class}.{offer.Method}(builder)"))} and suppress this";
            }
        }
    }

    private EquatableArray<RegistrationModel> Read(CancellationToken cancellation)
    {
        lock (this)
        {
            if (_compilation is not { } compilation)
                return _models;
            var found = new List<RegistrationModel>();
            foreach (IAssemblySymbol assembly in compilation.SourceModule.ReferencedAssemblySymbols)
            {
                cancellation.ThrowIfCancellationRequested();
                if (assembly.Name != KnownNames.Namespace && assembly.GlobalNamespace.GetMembers(KnownNames.Namespace).OfType<INamespaceSymbol>().FirstOrDefault() is { } space)
                    found.AddRange(In(space, assembly.Name));
            }
            _models = new EquatableArray<RegistrationModel>(found.OrderBy(offer => offer.Method, StringComparer.Ordinal).ThenBy(offer => offer.Assembly, StringComparer.Ordinal));
            _compilation = null;
            return _models;
        }
    }

    /// <summary>The assemblies say so by the methods that they offer, whichever version of the generator has written them.</summary>
    private static IEnumerable<RegistrationModel> In(INamespaceSymbol space, string assembly) =>
        from type in space.GetTypeMembers()
        where type is { IsStatic: true, DeclaredAccessibility: Accessibility.Public } && type.Name.EndsWith("HandlersExtensions", StringComparison.Ordinal)
        from method in type.GetMembers().OfType<IMethodSymbol>()
        where method is { IsExtensionMethod: true, DeclaredAccessibility: Accessibility.Public, Parameters: [{ Type: var builder }] } && KnownNames.Is(builder, "RtnetlinkBuilder")
        select new RegistrationModel(method.Name, assembly, type.Name);

    private sealed class Comparer : IEqualityComparer<Registrations>
    {
        public static readonly Comparer Instance = new();

        public bool Equals(Registrations earlier, Registrations later) => ReferenceEquals(earlier, later) || earlier._references.SequenceEqual(later._references);

        public int GetHashCode(Registrations found) => found._references.Length;
    }
}
