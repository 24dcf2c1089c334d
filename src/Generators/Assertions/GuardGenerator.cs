using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators;

/// <summary>Writes the asserting half of each partial property marked [GuardedBy]. Wiring only.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class GuardGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<GuardModel>> ofTypes = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.GuardedByAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (found, cancellation) => GuardParser.ParseAll((INamedTypeSymbol)found.TargetSymbol, found.Attributes[0], cancellation))
            .WithTrackingName(TrackingNames.GuardedTypes)
            .SelectMany(static (models, _) => models)
            .Collect()
            .WithTrackingName(TrackingNames.TypeGuards);
        IncrementalValuesProvider<GuardModel> guards = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownNames.GuardedByAttribute,
                static (node, _) => GuardParser.IsCandidate(node),
                static (found, _) => GuardParser.Parse((IPropertySymbol)found.TargetSymbol, (PropertyDeclarationSyntax)found.TargetNode, found.Attributes[0]))
            .WithTrackingName(TrackingNames.Guards)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(TrackingNames.ValidGuards)
            .Collect()
            .WithTrackingName(TrackingNames.CollectedGuards)
            .Combine(ofTypes)
            .WithTrackingName(TrackingNames.AllGuards)
            .SelectMany(static (both, _) => WithHintNames(both.Left.AddRange(both.Right)))
            .WithTrackingName(TrackingNames.NamedGuards);
        context.RegisterSourceOutput(guards, static (output, model) =>
            output.AddSource(model.HintName, SourceText.From(GuardEmitter.Emit(model), Encoding.UTF8)));
    }

    /// <summary>Hint names are compared without case; property names are not.</summary>
    private static IEnumerable<GuardModel> WithHintNames(ImmutableArray<GuardModel> models)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (GuardModel model in models.OrderBy(model => model.HintName, StringComparer.Ordinal))
            yield return model with { HintName = Identifiers.Unique(model.HintName, taken) + ".Guard.g.cs" };
    }
}
