using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SmallRtnl.Generators;

/// <summary>Writes the asserting half of each partial property marked [GuardedBy]. Wiring only.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class GuardGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<GuardDeclaration> ofTypes = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.GuardedByAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, cancellation) => GuardDeclaration.Of(found.TargetSymbol, found.TargetNode, () => GuardParser.ParseAll((INamedTypeSymbol)found.TargetSymbol, found.Attributes[0], cancellation)))
            .WithTrackingName(TrackingNames.GuardedTypes);
        IncrementalValuesProvider<GuardDeclaration> ofProperties = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.GuardedByAttribute,
                static (node, _) => GuardParser.IsCandidate(node),
                static (found, _) => GuardDeclaration.Of(found.TargetSymbol, found.TargetNode, () =>
                    GuardParser.Parse((IPropertySymbol)found.TargetSymbol, (PropertyDeclarationSyntax)found.TargetNode, found.Attributes[0]) is { } model ? [model] : []))
            .WithTrackingName(TrackingNames.Guards);
        IncrementalValuesProvider<GuardModel> guards = ofProperties
            .SelectMany(static (declared, _) => declared.Models)
            .WithTrackingName(TrackingNames.ValidGuards)
            .Collect()
            .WithTrackingName(TrackingNames.CollectedGuards)
            .Combine(ofTypes.SelectMany(static (declared, _) => declared.Models).Collect().WithTrackingName(TrackingNames.TypeGuards))
            .WithTrackingName(TrackingNames.AllGuards)
            .SelectMany(static (both, _) => WithHintNames(both.Left.AddRange(both.Right)))
            .WithTrackingName(TrackingNames.NamedGuards);
        context.RegisterSourceOutput(guards, static (output, model) =>
            Failure.AddSource(output, model.HintName, model.Declaration, () => GuardEmitter.Emit(model)));
        foreach (IncrementalValuesProvider<GuardDeclaration> declared in new[] { ofTypes, ofProperties })
            context.RegisterSourceOutput(declared, static (output, found) => found.Failure?.Report(output));
    }

    private static IEnumerable<GuardModel> WithHintNames(ImmutableArray<GuardModel> models)
    {
        HashSet<string> taken = FileNames.None();
        foreach (GuardModel model in models.OrderBy(model => model.HintName, StringComparer.Ordinal))
            yield return model with { HintName = FileNames.Unique(model.HintName, taken) + ".Guard.g.cs" };
    }
}
