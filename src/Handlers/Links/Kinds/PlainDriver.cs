namespace SmallRtnl.Links;

/// <summary>A kind whose links stand alone: dummy and ifb.</summary>
internal sealed class PlainDriver(LinkKind kind) : ILinkDriver
{
    public LinkKind Kind => kind;

    public RtnlResult Validate(in LinkMessage message) => LinkChecks.KindAddress(in message);

    public RtnlResult Create(LinkEditor editor, LinkPlan plan, in LinkMessage message)
    {
        InterfaceName name = message.Name ?? LinkNames.TemplateOf(kind);
        RtnlResult result = LinkRegistration.Register(editor, plan.Target, kind, in message, name, message.Header.Index, randomAddress: false, out Link? link);
        return result.IsOk ? LinkUpDown.Configure(editor, plan.Target, ref link!, message.Header, isRequested: true) : result;
    }
}
