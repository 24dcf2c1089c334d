using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Links;

/// <summary>The resolve phase of link requests: the kind, its own data, and every namespace involved. Nothing is locked.</summary>
internal static class LinkResolver
{
    /// <summary>RTM_NEWLINK (<c>rtnl_newlink</c> up to its lock).</summary>
    public static RtnlResult New(in ResolveRequest<LinkMessage> request, NetSet nets, out LinkPlan plan)
    {
        plan = null!;
        LinkMessage message = request.Message;
        RtnlResult result = LinkChecks.UniqueNet(in message);
        if (!result.IsOk)
            return result;
        ILinkDriver? driver = message.Info?.Kind is { } kind ? LinkDrivers.Find(in kind) : null;
        if (driver is not null)
            result = driver.Validate(in message);
        if (!result.IsOk)
            return result;
        LinkMessage? peer = null;
        if (driver is { Kind.IsPaired: true } && message.Info?.Veth?.Peer is { } payload)
        {
            // The other end is judged by its kind before any namespace is looked for.
            if (!TryReadPeer(in request, payload, out peer, out result))
                return result;
            result = driver.Validate(peer.Value);
            if (!result.IsOk)
                return result;
        }

        result = FindNet(in request, in message, out Net target);
        if (!result.IsOk)
            return result;
        Net linkNet = request.Net;
        if (message.LinkNetnsId is { } linkId)
        {
            if (request.FindByNsid(target, linkId) is not { } found)
                return RtnlResult.Error(Errno.EINVAL, "Unknown network namespace id");
            linkNet = found;
        }
        Net peerNet = linkNet;
        if (driver is { Kind.IsPaired: true })
        {
            LinkMessage naming = peer ?? message;
            // The id of a namespace says where this end goes, never the other (rtnl_link_get_net_ifla).
            if (naming.NetNsFd is not null || naming.NetNsPid is not null)
                result = FindNet(in request, in naming, out peerNet);
        }
        if (!result.IsOk)
            return result;
        nets.Add(target, NetRole.Target);
        nets.Add(peerNet, NetRole.Peer);
        plan = new LinkPlan { Driver = driver, Target = target, PeerNet = peerNet, Peer = peer };
        InvolveExisting(in request, nets, request.Net, in message, target, peerNet);
        return RtnlResult.Ok;
    }

    /// <summary>RTM_SETLINK.</summary>
    public static RtnlResult Set(in ResolveRequest<LinkMessage> request, NetSet nets, out LinkPlan plan)
    {
        plan = null!;
        LinkMessage message = request.Message;
        RtnlResult result = LinkChecks.UniqueNet(in message);
        if (!result.IsOk)
            return result;
        result = FindNet(in request, in message, out Net target);
        if (!result.IsOk)
            return result;
        nets.Add(target, NetRole.Target);
        plan = new LinkPlan { Target = target, PeerNet = request.Net };
        InvolveExisting(in request, nets, request.Net, in message, target, request.Net);
        return RtnlResult.Ok;
    }

    /// <summary>RTM_DELLINK: the link may be in a namespace named by id.</summary>
    public static RtnlResult Delete(in ResolveRequest<LinkMessage> request, NetSet nets, out LinkPlan plan)
    {
        plan = null!;
        LinkMessage message = request.Message;
        RtnlResult result = LinkChecks.UniqueNet(in message, byIdOnly: true);
        if (!result.IsOk)
            return result;
        result = FindNet(in request, in message, out Net target);
        if (!result.IsOk)
            return result;
        nets.Add(target, NetRole.Target);
        plan = new LinkPlan { Target = target, PeerNet = target };
        InvolveExisting(in request, nets, target, in message, target, target);
        return RtnlResult.Ok;
    }

    /// <summary>The link that a message names, by index or by name (<c>rtnl_dev_get</c>); the attribute for other names matches a link's own as well.</summary>
    public static bool TryFind(LinkTable table, in LinkMessage message, [NotNullWhen(true)] out Link? link)
    {
        if (message.Header.Index > 0)
            return table.TryFind(message.Header.Index, out link);
        link = null;
        if (message.Name is { } name)
            return table.TryFind(name, out link);
        return message.AlternativeName is { } other && InterfaceName.TryCreate(other.Utf8, out name) && table.TryFind(name, out link);
    }

    /// <summary>Whether a message names a link at all.</summary>
    public static bool NamesLink(in LinkMessage message) =>
        message.Header.Index > 0 || message.Name is not null || message.AlternativeName is not null;

    /// <summary>
    /// A change of an end of a pair touches the other end: its namespace belongs to the set, as long as there is room; what finds none is
    /// posted. The handler relies on both being where they are now.
    /// </summary>
    private static void InvolveExisting(in ResolveRequest<LinkMessage> request, NetSet nets, Net net, in LinkMessage message, Net target, Net peerNet)
    {
        if (!TryFind(request.Read<LinkTable>(net), in message, out Link? link))
            return;
        request.Watch(link.Device);
        if (link.Device.Peer is not { } peer)
            return;
        request.Watch(peer);
        Net other = peer.Net;
        int count = 1 + (ReferenceEquals(target, request.Net) ? 0 : 1) + (ReferenceEquals(peerNet, request.Net) || ReferenceEquals(peerNet, target) ? 0 : 1);
        if (!other.IsDead && count < 3)
            nets.Add(other, NetRole.Link);
    }

    /// <summary><c>rtnl_link_get_net_by_nlattr</c>: the namespace that a message names, else the socket's own.</summary>
    private static RtnlResult FindNet(in ResolveRequest<LinkMessage> request, in LinkMessage message, out Net net)
    {
        net = request.Net;
        Net? found = net;
        Errno missing = Errno.EINVAL;
        if (message.TargetNetnsId is { } nsid)
            found = request.FindByNsid(net, nsid);
        else if (message.NetNsFd is { } file)
            (found, missing) = (request.FindByHandle((int)file), Errno.EBADF);
        else if (message.NetNsPid is { } process)
            (found, missing) = (request.FindByHandle((int)process), Errno.ESRCH);
        if (found is null)
            return RtnlResult.Error(missing);
        net = found;
        return RtnlResult.Ok;
    }

    /// <summary>VETH_INFO_PEER, a message inside the message (<c>rtnl_nla_parse_ifinfomsg</c>).</summary>
    private static bool TryReadPeer(in ResolveRequest<LinkMessage> request, NetlinkBytes payload, [NotNullWhen(true)] out LinkMessage? peer, out RtnlResult result)
    {
        peer = null;
        if (!request.TryParse(payload, out LinkMessage message))
        {
            result = request.Refuse();
            return false;
        }
        peer = message;
        result = LinkChecks.UniqueNet(in message);
        return result.IsOk;
    }
}
