using static SmallRtnl.RtmType;
using static SmallRtnl.RtnlLock;

namespace SmallRtnl.Links;

/// <summary>Creates, changes, deletes and lists links (net/core/rtnetlink.c).</summary>
public sealed class LinkHandlers
{
    private readonly LinkNotifierChain _chain;

    /// <summary>Takes the subsystem, for those that react to links.</summary>
    public LinkHandlers(LinkSubsystem links)
    {
        ArgumentNullException.ThrowIfNull(links);
        _chain = links.Notifiers;
    }

    /// <summary>Finds the kind and the namespaces of a NEWLINK.</summary>
    public static RtnlResult ResolveNew(in ResolveRequest<LinkMessage> request, NetSet nets, out LinkPlan plan) =>
        LinkResolver.New(in request, nets, out plan);

    /// <summary>Finds the namespaces of a SETLINK.</summary>
    public static RtnlResult ResolveSet(in ResolveRequest<LinkMessage> request, NetSet nets, out LinkPlan plan) =>
        LinkResolver.Set(in request, nets, out plan);

    /// <summary>Finds the namespaces of a DELLINK.</summary>
    public static RtnlResult ResolveDelete(in ResolveRequest<LinkMessage> request, NetSet nets, out LinkPlan plan) =>
        LinkResolver.Delete(in request, nets, out plan);

    /// <summary>Creates a link, or changes one that exists (<c>__rtnl_newlink</c>).</summary>
    [DoIt(RTM_NEWLINK, Lock = PerNet, Resolve = nameof(ResolveNew))]
    public RtnlResult New(in DoItRequest<LinkMessage> request, LinkPlan plan)
    {
        LinkMessage message = request.Message;
        if (message.Header.Index < 0)
            return RtnlResult.Error(Errno.EINVAL, "ifindex can't be negative");
        bool create = (request.Flags & NetlinkFlags.NLM_F_CREATE) != 0;
        bool exclusive = (request.Flags & NetlinkFlags.NLM_F_EXCL) != 0;
        Net lookup = create && exclusive ? plan.Target : request.Net;
        if (LinkResolver.TryFind(request.Read<LinkTable>(lookup), in message, out Link? link))
        {
            if (exclusive)
                return RtnlResult.Error(Errno.EEXIST);
            // No kind here changes what is its own, and a link is never replaced.
            if ((request.Flags & NetlinkFlags.NLM_F_REPLACE) != 0 || message.Info is { HasData: true } or { SlaveData: not null })
                return RtnlResult.Error(Errno.EOPNOTSUPP);
            return Change(request.Context, lookup, [link], plan, in message);
        }
        if (!create)
        {
            if (LinkResolver.NamesLink(in message) || message.Group is not { } group)
                return RtnlResult.Error(Errno.ENODEV);
            return Change(request.Context, request.Net, InGroup(request.Read<LinkTable>(), group), plan, in message);
        }
        if (message.Map is not null || message.ProtInfo is not null)
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        if (plan.Driver is not { } driver)
            return RtnlResult.Error(Errno.EOPNOTSUPP, "Unknown device type");

        var editor = new LinkEditor(request.Context, _chain);
        RtnlResult result = driver.Create(editor, plan, in message);
        if (result.IsOk && message.Master is > 0)
            result = RtnlResult.Error(editor.Table(plan.Target).TryFind((int)message.Master.Value, out _) ? Errno.EOPNOTSUPP : Errno.EINVAL);
        if (result.IsOk)
            editor.Finish();
        return result;
    }

    /// <summary>Changes a link (<c>rtnl_setlink</c>).</summary>
    [DoIt(RTM_SETLINK, Lock = PerNet, Resolve = nameof(ResolveSet))]
    public RtnlResult Set(in DoItRequest<LinkMessage> request, LinkPlan plan)
    {
        LinkMessage message = request.Message;
        if (!LinkResolver.NamesLink(in message))
            return RtnlResult.Error(Errno.EINVAL);
        return LinkResolver.TryFind(request.Read<LinkTable>(), in message, out Link? link)
            ? Change(request.Context, request.Net, [link], plan, in message)
            : RtnlResult.Error(Errno.ENODEV);
    }

    /// <summary>Deletes a link, or a group of them (<c>rtnl_dellink</c>).</summary>
    [DoIt(RTM_DELLINK, Lock = PerNet, Resolve = nameof(ResolveDelete))]
    public RtnlResult Delete(in DoItRequest<LinkMessage> request, LinkPlan plan)
    {
        LinkMessage message = request.Message;
        LinkTable table = request.Read<LinkTable>(plan.Target);
        IReadOnlyList<Link> links;
        if (LinkResolver.TryFind(table, in message, out Link? link))
            links = [link];
        else if (LinkResolver.NamesLink(in message))
            return RtnlResult.Error(Errno.ENODEV);
        else if (message.Group is not { } group)
            return RtnlResult.Error(Errno.EINVAL);
        else if (group == 0)
            return RtnlResult.Error(Errno.EPERM);
        else if ((links = InGroup(table, group)).Count == 0)
            return RtnlResult.Error(Errno.ENODEV);
        foreach (Link leaving in links)
        {
            if (leaving.Kind.IsImmutable)
                return RtnlResult.Error(Errno.EOPNOTSUPP);
        }
        var editor = new LinkEditor(request.Context, _chain);
        LinkDeletion.Delete(editor, plan.Target, links);
        editor.Finish();
        return RtnlResult.Ok;
    }

    /// <summary>Answers with one link (<c>rtnl_getlink</c>).</summary>
    [DoIt(RTM_GETLINK, Lock = Unlocked)]
    public static RtnlResult Get(in DoItRequest<LinkMessage> request)
    {
        ref readonly LinkMessage message = ref request.Message;
        RtnlResult result = LinkChecks.UniqueNet(in message, byIdOnly: true);
        if (!result.IsOk)
            return result;
        LinkTable table = request.Read<LinkTable>();
        if (message.TargetNetnsId is { } nsid)
        {
            if (request.Read<NsidTable>().Find(nsid) is not { } target)
                return RtnlResult.Error(Errno.EINVAL);
            table = request.Read<LinkTable>(target);
        }
        if (LinkResolver.TryFind(table, in message, out Link? link))
            return request.Reply(LinkMessages.From(link, LinkFlags.None, message.ExtMask ?? LinkFilterMask.None, message.TargetNetnsId));
        return RtnlResult.Error(LinkResolver.NamesLink(in message) ? Errno.ENODEV : Errno.EINVAL);
    }

    /// <summary>Lists links (<c>rtnl_dump_ifinfo</c>). A lenient request filters as well.</summary>
    [DumpIt(RTM_GETLINK, Lock = Unlocked, SplitDone = true)]
    public static IEnumerable<LinkMessage> Dump(DumpItRequest<LinkMessage> request)
    {
        LinkMessage message = request.Message;
        LinkTable table = request.Read<LinkTable>();
        if (message.TargetNetnsId is { } nsid)
        {
            if (request.Read<NsidTable>().Find(nsid) is not { } target)
            {
                request.Fail(Errno.EINVAL, "Invalid target network namespace id");
                yield break;
            }
            table = request.Read<LinkTable>(target);
        }
        LinkKind? kind = message.Info?.Kind is { } name ? LinkDrivers.Find(in name)?.Kind : null;
        bool hasMaster = message.Master is > 0;
        if (kind is not null || hasMaster)
            request.SetFiltered();
        // No link here has a master.
        if (hasMaster)
            yield break;
        LinkFilterMask mask = message.ExtMask ?? LinkFilterMask.None;
        foreach (Link link in table.All)
        {
            if (kind is null || ReferenceEquals(link.Kind, kind))
                yield return LinkMessages.From(link, LinkFlags.None, mask, message.TargetNetnsId);
        }
    }

    /// <summary>Lists links as IPv6 sees them (<c>inet6_dump_ifinfo</c>).</summary>
    [DumpIt(RTM_GETLINK, Lock = Unlocked, Family = ProtocolFamily.AF_INET6)]
    public static IEnumerable<Inet6LinkMessage> DumpInet6(DumpItRequest<Inet6LinkMessage> request)
    {
        foreach (Link link in request.Read<LinkTable>().All)
        {
            if (link.HasInet6)
                yield return LinkMessages.ForInet6(link);
        }
    }

    /// <summary>Lists bridge ports, of which there are none (<c>rtnl_bridge_getlink</c>).</summary>
    [DumpIt(RTM_GETLINK, Lock = Unlocked, Family = ProtocolFamily.AF_BRIDGE)]
    public static IEnumerable<LinkMessage> DumpBridge(DumpItRequest<LinkMessage> request)
    {
        yield break;
    }

    private static List<Link> InGroup(LinkTable table, uint group)
    {
        var links = new List<Link>();
        foreach (Link link in table.All)
        {
            if (link.Group == group)
                links.Add(link);
        }
        return links;
    }

    private RtnlResult Change(RtnlContext context, Net net, IReadOnlyList<Link> links, LinkPlan plan, in LinkMessage message)
    {
        var editor = new LinkEditor(context, _chain);
        foreach (Link found in links)
        {
            // A change of one end of a pair may have changed the other.
            if (!editor.TryFind(found.Device, out Link? link))
                continue;
            RtnlResult result = LinkChange.Apply(editor, net, link, plan.Target, in message);
            if (!result.IsOk)
                return result;
        }
        editor.Finish();
        return RtnlResult.Ok;
    }
}
