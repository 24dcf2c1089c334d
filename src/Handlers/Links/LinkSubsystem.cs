namespace SmallRtnl.Links;

/// <summary>The links of every namespace: begins with a loopback device, ends with nothing (<c>default_device_ops</c>).</summary>
[PernetSubsystem(0)]
public sealed class LinkSubsystem : IPernetSubsystem
{
    /// <summary>Takes the host's services, for the subsystems that react to links.</summary>
    public LinkSubsystem(IServiceProvider services) => Notifiers = new LinkNotifierChain(services);

    /// <summary>The netdev notifier chain: register here to hear of links, of one namespace or of all.</summary>
    public NotifierChain<LinkEvent, LinkTransition> Chain => Notifiers.Chain;

    internal LinkNotifierChain Notifiers { get; }

    /// <inheritdoc/>
    public void Init(PernetInit init)
    {
        Link loopback = LinkRegistration.Loopback(init.Net);
        init.Add(LinkTable.Empty.With(loopback));
    }

    /// <inheritdoc/>
    /// <remarks>Ends of pairs whose peers live elsewhere take them along: their deletion is posted there.</remarks>
    public void Exit(RtnlContext context, Net net)
    {
        var editor = new LinkEditor(context, Notifiers);
        LinkDeletion.Delete(editor, net, [.. editor.Table(net).All]);
        editor.Finish();
    }
}
