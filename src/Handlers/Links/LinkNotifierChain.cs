using Microsoft.Extensions.DependencyInjection;

namespace SmallRtnl.Links;

/// <summary>
/// Tells of links: first the subsystems that react to them, in the order of their initialisation, then whoever has registered on
/// <see cref="Chain"/> (<c>call_netdevice_notifiers</c>).
/// </summary>
/// <remarks>The subsystems are looked up on first use: the link subsystem is among them, so a constructor that asked for them would be a cycle.</remarks>
internal sealed class LinkNotifierChain(IServiceProvider services) : INotifierReplay<LinkEvent, LinkTransition>
{
    private ILinkNotifier[]? _subsystems;
    private NotifierChain<LinkEvent, LinkTransition>? _chain;

    /// <summary>The chain that others register on.</summary>
    public NotifierChain<LinkEvent, LinkTransition> Chain => LazyInitializer.EnsureInitialized(ref _chain, () => new(this));

    /// <summary>Tells everybody, under the RTNL of the link's namespace.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Raise(RtnlContext context, Net net, LinkEvent what, Link before, Link after)
    {
        foreach (ILinkNotifier subsystem in Volatile.Read(ref _subsystems) ?? FindSubsystems())
            subsystem.OnLinkEvent(context, net, what, before, after);
        _ = Chain.Raise(context, net, what, new LinkTransition(before, after));
    }

    /// <inheritdoc/>
    public IEnumerable<(LinkEvent What, LinkTransition Device)> Arrivals(RtnlContext context, Net net)
    {
        foreach (Link link in context.Read<LinkTable>(net).All)
        {
            yield return (LinkEvent.Register, new LinkTransition(link, link));
            if (link.IsUp)
                yield return (LinkEvent.Up, new LinkTransition(link with { Flags = link.Flags & ~LinkFlags.IFF_UP }, link));
        }
    }

    /// <inheritdoc/>
    public IEnumerable<(LinkEvent What, LinkTransition Device)> Departures(RtnlContext context, Net net)
    {
        foreach (Link link in context.Read<LinkTable>(net).All)
        {
            Link down = link with { Flags = link.Flags & ~LinkFlags.IFF_UP };
            if (link.IsUp)
                yield return (LinkEvent.Down, new LinkTransition(link, down));
            yield return (LinkEvent.Unregister, new LinkTransition(down, down));
        }
    }

    /// <summary>Links of several namespaces are under way at once: the first to look makes the list for all.</summary>
    private ILinkNotifier[] FindSubsystems()
    {
        ILinkNotifier[] found = [.. services.GetServices<IPernetSubsystem>().OfType<ILinkNotifier>()];
        return Interlocked.CompareExchange(ref _subsystems, found, null) ?? found;
    }
}
