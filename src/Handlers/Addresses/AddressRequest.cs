using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl.Addresses;

/// <summary>What address requests of both families have in common.</summary>
internal static class AddressRequest
{
    /// <summary>The flags: IFA_FLAGS, or the header's byte where an old client sends no attribute.</summary>
    public static AddressFlags FlagsOf(in AddressMessage message) => message.Flags ?? (AddressFlags)message.Header.Flags;

    /// <summary>IFA_CACHEINFO as lifetimes that begin now.</summary>
    /// <returns>False for a valid lifetime of 0, or a preferred one that is longer.</returns>
    public static bool TryReadLifetime(in AddressMessage message, long now, out AddressLifetime lifetime)
    {
        AddressCacheInfo info = message.CacheInfo ?? new AddressCacheInfo(AddressCacheInfo.Forever, AddressCacheInfo.Forever, 0, 0);
        lifetime = new AddressLifetime(info.Valid, info.Preferred, now);
        return info.Valid != 0 && info.Preferred <= info.Valid;
    }

    /// <summary>The flags that follow from lifetimes.</summary>
    public static AddressFlags FlagsOf(AddressLifetime lifetime) =>
        (lifetime.IsFinite ? AddressFlags.None : AddressFlags.IFA_F_PERMANENT)
        | (lifetime.Preferred == 0 ? AddressFlags.IFA_F_DEPRECATED : AddressFlags.None);

    /// <summary>Whose addresses a dump is about: only a strict request names a namespace or an interface.</summary>
    /// <param name="request">The dump.</param>
    /// <param name="family">What the family's texts begin with.</param>
    /// <param name="net">The namespace.</param>
    /// <param name="index">The interface; 0 for all.</param>
    /// <returns>False where there is none such; the request then says so.</returns>
    public static bool TryReadFilter(in DumpItRequest<AddressMessage> request, string family, [NotNullWhen(true)] out Net? net, out int index) =>
        TryReadFilter(in request, family, request.Message.TargetNetnsId, request.Message.Header, out net, out index);

    /// <inheritdoc cref="TryReadFilter(in DumpItRequest{AddressMessage}, string, out Net?, out int)"/>
    public static bool TryReadFilter(in DumpItRequest<Inet6AddressMessage> request, [NotNullWhen(true)] out Net? net, out int index) =>
        TryReadFilter(in request, "ipv6", request.Message.TargetNetnsId, request.Message.Header, out net, out index);

    private static bool TryReadFilter<T>(in DumpItRequest<T> request, string family, int? targetNetnsId, IfAddrMsg header, [NotNullWhen(true)] out Net? net, out int index)
        where T : struct, INetlinkMessage<T>
    {
        net = request.Net;
        index = 0;
        if (!request.IsStrict)
            return true;
        if (targetNetnsId is { } nsid)
        {
            net = request.Read<NsidTable>().Find(nsid);
            if (net is null)
            {
                request.Fail(Errno.EINVAL, $"{family}: Invalid target network namespace id");
                return false;
            }
        }
        index = (int)header.Index;
        if (index == 0)
            return true;
        request.SetFiltered(marksEnd: true);
        if (request.Read<Links.LinkTable>(net).TryFind(index, out _))
            return true;
        request.Fail(Errno.ENODEV);
        return false;
    }
}
