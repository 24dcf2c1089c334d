using Microsoft.CodeAnalysis;

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
        IncrementalValuesProvider<MessageModel> named = Declarations<MessageModel>.Of(
                context,
                [isNest ? KnownNames.NetlinkNestAttribute : KnownNames.NetlinkMessageAttribute],
                (symbol, attribute, cancellation) => symbol is INamedTypeSymbol type
                    ? MessageEmitter.Tried(MessageParser.Parse(type, attribute, isNest, report: null, cancellation))
                    : null,
                isNest ? TrackingNames.NestDeclarations : TrackingNames.MessageDeclarations,
                isNest ? TrackingNames.Nests : TrackingNames.Messages)
            .SelectMany((models, _) => WithHintNames(models, isNest))
            .WithTrackingName(isNest ? TrackingNames.NamedNests : TrackingNames.NamedMessages);

        context.RegisterSourceOutput(named, static (output, model) =>
            Failure.AddSource(output, model.HintName, model.Name, () => MessageEmitter.Emit(model)));
    }

    private static IEnumerable<MessageModel> WithHintNames(EquatableArray<MessageModel> models, bool isNest)
    {
        HashSet<string> taken = FileNames.None();
        foreach (MessageModel model in models.OrderBy(model => model.HintName, StringComparer.Ordinal))
            yield return model with { HintName = FileNames.Unique(model.HintName, taken) + (isNest ? ".Nest.g.cs" : ".Message.g.cs") };
    }
}
