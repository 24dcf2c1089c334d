using Microsoft.Extensions.DependencyInjection;

namespace SmallRtnl.Links;

/// <summary>The subsystems that react to links, in the order of their initialisation (<c>call_netdevice_notifiers</c>).</summary>
/// <remarks>Looked up on first use: the link subsystem is itself among the subsystems, so a constructor that asked for them would be a cycle.</remarks>
internal sealed class LinkNotifierChain(IServiceProvider services)
{
    private ILinkNotifier[]? _notifiers;

    /// <summary>Tells every subsystem, under the RTNL of the link's namespace.</summary>
    public void Raise(RtnlContext context, Net net, LinkEvent what, Link before, Link after)
    {
        foreach (ILinkNotifier notifier in _notifiers ??= [.. services.GetServices<IPernetSubsystem>().OfType<ILinkNotifier>()])
            notifier.OnLinkEvent(context, net, what, before, after);
    }
}
