using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace SmallRtnl.Generators;

/// <summary>Writes the parser, policy check and serialiser of each [NetlinkMessage] and [NetlinkNest]. Wiring only.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class MessageGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        Register(context, isNest: false);
        Register(context, isNest: true);
    }

    private static void Register(IncrementalGeneratorInitializationContext context, bool isNest)
    {
        IncrementalValuesProvider<MessageModel> messages = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                isNest ? KnownNames.NetlinkNestAttribute : KnownNames.NetlinkMessageAttribute,
                static (node, _) => node is TypeDeclarationSyntax,
                (found, cancellation) => MessageParser.Parse((INamedTypeSymbol)found.TargetSymbol, found.Attributes[0], isNest, report: null, cancellation))
            .WithTrackingName(isNest ? TrackingNames.Nests : TrackingNames.Messages)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(isNest ? TrackingNames.ValidNests : TrackingNames.ValidMessages);

        IncrementalValuesProvider<MessageModel> named = messages
            .Collect()
            .WithTrackingName(isNest ? TrackingNames.CollectedNests : TrackingNames.CollectedMessages)
            .SelectMany((models, _) => WithHintNames(models, isNest))
            .WithTrackingName(isNest ? TrackingNames.NamedNests : TrackingNames.NamedMessages);

        context.RegisterSourceOutput(named, static (output, model) =>
            output.AddSource(model.HintName, SourceText.From(MessageEmitter.Emit(model), Encoding.UTF8)));
    }

    /// <summary>Hint names are compared without case; type names are not.</summary>
    private static IEnumerable<MessageModel> WithHintNames(ImmutableArray<MessageModel> models, bool isNest)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (MessageModel model in models.OrderBy(model => model.HintName, StringComparer.Ordinal))
            yield return model with { HintName = Identifiers.Unique(model.HintName, taken) + (isNest ? ".Nest.g.cs" : ".Message.g.cs") };
    }
}
