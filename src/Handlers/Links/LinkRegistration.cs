namespace SmallRtnl.Links;

/// <summary>Makes a link and puts it into its namespace (<c>rtnl_create_link</c>, <c>register_netdevice</c>).</summary>
internal static class LinkRegistration
{
    /// <summary>Registers a new link; nobody but the subsystems hears of it yet.</summary>
    /// <param name="editor">The request's editor.</param>
    /// <param name="net">Where it is to live.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="message">The attributes that it is made from.</param>
    /// <param name="name">The name, which may be a template.</param>
    /// <param name="index">The index asked for; 0: the next free one.</param>
    /// <param name="randomAddress">Whether an address in the message is somebody else's.</param>
    /// <param name="link">The link.</param>
    public static RtnlResult Register(LinkEditor editor, Net net, LinkKind kind, in LinkMessage message, InterfaceName name, int index, bool randomAddress, out Link? link)
    {
        link = null;
        RtnlResult result = Check(kind, in message);
        if (result.IsOk)
            result = LinkNames.Choose(editor.Table(net), name, out name);
        if (result.IsOk)
            result = Reserve(editor, net, ref index);
        if (!result.IsOk)
            return result;

        link = new Link
        {
            Device = new NetDevice(net, index),
            Index = index,
            Name = name,
            Kind = kind,
            Flags = kind.InitialFlags,
            // A pair's carrier goes off right after registration, and that counts.
            HasCarrier = !kind.IsPaired,
            CarrierDownCount = kind.IsPaired ? 1u : 0,
            LinkIndex = kind.IsPaired ? 0 : null,
            Mtu = message.Mtu ?? kind.Mtu,
            TxQueueLength = message.TxQueueLength ?? kind.TxQueueLength,
            TxQueues = message.TxQueues ?? kind.Queues,
            RxQueues = message.RxQueues ?? kind.Queues,
            Group = message.Group ?? 0,
            Offload = LinkOffload.Default.With(in message),
            LinkMode = message.LinkMode ?? 0,
            Address = message.Address is { } address && !randomAddress ? LinkChecks.Trim(in address) : LinkChecks.RandomEthernet(),
            Broadcast = message.Broadcast is { } broadcast ? LinkChecks.Trim(in broadcast) : HardwareAddress.EthernetBroadcast,
            Inet6Timestamp = Inet6Readiness.Now(),
            ReachableTime = RandomReachableTime(),
        };
        editor.Put(net, link);
        if (kind.IsPaired)
            editor.CarrierChanged(link with { HasCarrier = true });
        editor.Raise(net, LinkEvent.Register, link, link);
        return RtnlResult.Ok;
    }

    /// <summary>The loopback device of a namespace in the making.</summary>
    public static Link Loopback(Net net) => new()
    {
        Device = new NetDevice(net, 1),
        Index = 1,
        Name = new InterfaceName("lo"),
        Kind = LinkKinds.Loopback,
        Flags = LinkKinds.Loopback.InitialFlags,
        HasCarrier = true,
        Mtu = LinkKinds.Loopback.Mtu,
        TxQueueLength = LinkKinds.Loopback.TxQueueLength,
        Address = HardwareAddress.EthernetZero,
        Broadcast = HardwareAddress.EthernetZero,
        Inet6Timestamp = Inet6Readiness.Now(),
        ReachableTime = RandomReachableTime(),
    };

    /// <summary>Takes an index: the one asked for, if it is free, or the next (<c>dev_index_reserve</c>).</summary>
    public static RtnlResult Reserve(LinkEditor editor, Net net, ref int index)
    {
        if (index < 0)
            return RtnlResult.Error(Errno.EINVAL, "ifindex can't be negative");
        LinkTable table = editor.Table(net);
        if (index > 0)
            return table.TryFind(index, out _) ? RtnlResult.Error(Errno.EBUSY) : RtnlResult.Ok;
        index = table.TakeIndex();
        return RtnlResult.Ok;
    }

    /// <summary>What is wrong with a new link's request, whatever there is already (<c>rtnl_create_link</c>).</summary>
    public static RtnlResult Check(LinkKind kind, in LinkMessage message)
    {
        RtnlResult result = LinkChecks.Queues(in message);
        if (result.IsOk)
            result = LinkChecks.Message(in message, link: null);
        if (result.IsOk && message.Mtu is { } mtu)
            result = LinkChecks.Mtu(kind, mtu);
        return result;
    }

    /// <summary>Half to one and a half times 30 s (RFC 4861, 6.3.2).</summary>
    private static uint RandomReachableTime() => (uint)Random.Shared.Next(15_000, 45_001);
}
