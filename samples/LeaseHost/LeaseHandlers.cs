using SmallRtnl;
using static LeaseHost.LeaseType;
using static SmallRtnl.RtnlLock;

namespace LeaseHost;

/// <summary>How long a lease lasts that does not say so itself; injected.</summary>
public sealed record LeasePolicy(uint DefaultSeconds);

/// <summary>The whole handler set. Each lock is one word in an attribute.</summary>
public sealed class LeaseHandlers(LeasePolicy policy)
{
    [DoIt(RTM_NEWLEASE, Lock = PerNet)]
    public RtnlResult New(in DoItRequest<LeaseMessage> request)
    {
        if (request.Message.Address is not { } address)
            return RtnlResult.Error(Errno.EINVAL, "lease: an address is needed");
        LeaseTable table = request.Read<LeaseTable>();
        if (table.Leases.ContainsKey(address))
            return RtnlResult.Error(Errno.EEXIST, "lease: already lent", LEASE_ADDRESS);
        var lease = new Lease(address, request.Message.Owner ?? default, request.Message.Seconds ?? policy.DefaultSeconds);
        request.Stage(new LeaseTable(table.Leases.Add(address, lease)));
        request.Notify(LEASE_GROUP, ToMessage(lease));
        return RtnlResult.Ok;
    }

    [DoIt(RTM_DELLEASE, Lock = PerNet)]
    public RtnlResult Delete(in DoItRequest<LeaseMessage> request)
    {
        LeaseTable table = request.Read<LeaseTable>();
        if (request.Message.Address is not { } address || !table.Leases.TryGetValue(address, out Lease? lease))
            return RtnlResult.Error(Errno.ENOENT, "lease: not lent", LEASE_ADDRESS);
        request.Stage(new LeaseTable(table.Leases.Remove(address)));
        request.Notify(LEASE_GROUP, ToMessage(lease));
        return RtnlResult.Ok;
    }

    /// <summary>RTM_GETLEASE follows from the message's type and the method's name.</summary>
    [DoIt(Unlocked)]
    public RtnlResult Get(in DoItRequest<LeaseMessage> request)
    {
        if (request.Message.Address is { } address && request.Read<LeaseTable>().Leases.TryGetValue(address, out Lease? lease))
            return request.Reply(ToMessage(lease));
        return RtnlResult.Error(Errno.ENOENT);
    }

    [DumpIt(Unlocked)]
    public IEnumerable<LeaseMessage> Dump(DumpItRequest<LeaseMessage> request)
    {
        foreach (Lease lease in request.Read<LeaseTable>().Leases.Values)
            yield return ToMessage(lease);
    }

    private static LeaseMessage ToMessage(Lease lease) => new()
    {
        Header = new LeaseHeader(lease.Address.Family, 0, 0, 0),
        Address = lease.Address,
        Owner = lease.Owner.IsEmpty ? null : lease.Owner,
        Seconds = lease.Seconds,
    };
}
