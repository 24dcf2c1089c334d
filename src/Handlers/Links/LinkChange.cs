namespace SmallRtnl.Links;

/// <summary>Changes an existing link (<c>do_setlink</c>), in the kernel's order. Unlike there, an error half way leaves nothing behind.</summary>
internal static class LinkChange
{
    /// <summary>Applies a request to one link.</summary>
    public static RtnlResult Apply(LinkEditor editor, Net net, Link link, Net target, in LinkMessage message)
    {
        RtnlResult result = LinkChecks.Message(in message, link);
        if (result.IsOk)
            result = LinkChecks.Unsupported(in message);
        if (result.IsOk && !ReferenceEquals(net, target))
            result = LinkMove.Move(editor, ref net, ref link, target, message.Name is { IsEmpty: false } ? message.Name : null, message.NewIndex ?? 0);
        if (result.IsOk)
            result = SetAddress(editor, net, ref link, in message);
        if (result.IsOk)
            result = SetMtu(editor, net, ref link, in message);
        if (!result.IsOk)
            return result;

        // A change that nobody but netdev_state_change announces, which it does for links that are up.
        bool announce = message.Group is not null || message.Alias is not null || message.AfSpec is not null;
        if (message.Group is { } group)
            Put(editor, net, ref link, link with { Group = group });
        result = Rename(editor, net, ref link, in message);
        if (!result.IsOk)
            return result;
        if (message.Alias is { } alias)
            Put(editor, net, ref link, link with { Alias = alias.Utf8.IsEmpty ? null : alias.Utf8.ToArray() });
        SetBroadcast(editor, net, ref link, in message);
        if ((message.Header.Flags | message.Header.Change) != LinkFlags.None)
            result = LinkUpDown.Change(editor, net, ref link, message.Header);
        if (result.IsOk)
            result = Enslave(editor, net, in message);
        if (result.IsOk)
            result = SetCarrier(editor, net, ref link, in message);
        if (!result.IsOk)
            return result;
        if (message.TxQueueLength is { } length && length != link.TxQueueLength)
        {
            Put(editor, net, ref link, link with { TxQueueLength = length });
            editor.AnnounceNew(net, link);
        }
        if (link.Offload.With(in message) is { } offload && offload != link.Offload)
            Put(editor, net, ref link, link with { Offload = offload });
        SetOperState(editor, net, ref link, in message);
        if (message.LinkMode is { } mode && mode != link.LinkMode)
        {
            Put(editor, net, ref link, link with { LinkMode = mode });
            announce = true;
        }
        if (message.AfSpec?.Inet6?.Token is { } token)
        {
            Put(editor, net, ref link, link with { Inet6Token = token with { Prefix = 0 } });
            Inet6LinkNotice.Say(editor.Context, net, link);
        }
        if (message.AfSpec?.Inet6?.AddressGeneration is { } generation)
            Put(editor, net, ref link, link with { AddressGeneration = generation });
        if (announce && link.IsUp)
            editor.AnnounceNew(net, link);
        return RtnlResult.Ok;
    }

    private static void Put(LinkEditor editor, Net net, ref Link link, Link changed)
    {
        link = changed;
        editor.Put(net, changed);
    }

    /// <summary><c>netif_set_mac_address</c>: the event comes also where nothing changes.</summary>
    private static RtnlResult SetAddress(LinkEditor editor, Net net, ref Link link, in LinkMessage message)
    {
        if (message.Address is not { } address)
            return RtnlResult.Ok;
        if (!link.Kind.CanChangeAddress)
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        address = LinkChecks.Trim(in address);
        if (address != link.Address && !LinkChecks.IsValidEthernet(in address))
            return RtnlResult.Error(Errno.EADDRNOTAVAIL);
        Link before = link;
        Put(editor, net, ref link, link with { Address = address });
        editor.AnnounceNew(net, link);
        editor.Raise(net, LinkEvent.ChangeAddress, before, link);
        return RtnlResult.Ok;
    }

    /// <summary><c>netif_set_mtu_ext</c>: the same MTU again is nothing at all.</summary>
    private static RtnlResult SetMtu(LinkEditor editor, Net net, ref Link link, in LinkMessage message)
    {
        if (message.Mtu is not { } mtu || mtu == link.Mtu)
            return RtnlResult.Ok;
        RtnlResult result = LinkChecks.Mtu(link.Kind, mtu);
        if (!result.IsOk)
            return result;
        Link before = link;
        Put(editor, net, ref link, link with { Mtu = mtu });
        editor.AnnounceNew(net, link, toInet6: before);
        editor.Raise(net, LinkEvent.ChangeMtu, before, link);
        return RtnlResult.Ok;
    }

    /// <summary><c>netif_change_name</c>: a link named by its index that comes with a name is to be renamed, also while it is up.</summary>
    private static RtnlResult Rename(LinkEditor editor, Net net, ref Link link, in LinkMessage message)
    {
        if (message.Header.Index <= 0 || message.Name is not { IsEmpty: false } wanted || wanted == link.Name)
            return RtnlResult.Ok;
        RtnlResult result = LinkNames.Choose(editor.Table(net), wanted, out InterfaceName name);
        if (!result.IsOk)
            return result;
        Link before = link;
        Put(editor, net, ref link, link with { Name = name });
        editor.AnnounceNew(net, link);
        editor.Raise(net, LinkEvent.ChangeName, before, link);
        return RtnlResult.Ok;
    }

    private static void SetBroadcast(LinkEditor editor, Net net, ref Link link, in LinkMessage message)
    {
        if (message.Broadcast is not { } broadcast)
            return;
        Link before = link;
        Put(editor, net, ref link, link with { Broadcast = LinkChecks.Trim(in broadcast) });
        editor.AnnounceNew(net, link);
        editor.Raise(net, LinkEvent.ChangeAddress, before, link);
    }

    /// <summary><c>do_set_master</c>: no kind here takes slaves.</summary>
    private static RtnlResult Enslave(LinkEditor editor, Net net, in LinkMessage message) => message.Master switch
    {
        null or 0 => RtnlResult.Ok,
        { } master => RtnlResult.Error(editor.Table(net).TryFind((int)master, out _) ? Errno.EOPNOTSUPP : Errno.EINVAL),
    };

    private static RtnlResult SetCarrier(LinkEditor editor, Net net, ref Link link, in LinkMessage message)
    {
        if (message.Carrier is not { } carrier)
            return RtnlResult.Ok;
        if (!link.Kind.CanChangeCarrier)
            return RtnlResult.Error(Errno.EOPNOTSUPP);
        link = LinkUpDown.SetCarrier(editor, net, link, carrier != 0);
        return RtnlResult.Ok;
    }

    /// <summary><c>set_operstate</c>: user space moves a link among up, testing and dormant, never out of down.</summary>
    private static void SetOperState(LinkEditor editor, Net net, ref Link link, in LinkMessage message)
    {
        LinkOperState state = (message.OperState, link.StoredOperState) switch
        {
            (LinkOperState.Up, LinkOperState.Dormant or LinkOperState.Testing or LinkOperState.Unknown) => LinkOperState.Up,
            (LinkOperState.Testing or LinkOperState.Dormant, LinkOperState.Up or LinkOperState.Unknown) => message.OperState.Value,
            _ => link.StoredOperState,
        };
        if (state == link.StoredOperState)
            return;
        Link before = link;
        link = link with { StoredOperState = state };
        Put(editor, net, ref link, Inet6Readiness.Update(before, link));
        if (!link.IsUp)
            return;
        editor.Raise(net, LinkEvent.Change, before, link);
        editor.AnnounceNew(net, link);
    }
}
