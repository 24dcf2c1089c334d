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

    /// <summary>Checks a dump's header and attributes, where the socket is strict (<c>inet_valid_dump_ifaddr_req</c>).</summary>
    /// <returns>False where the dump is refused; the request then says why.</returns>
    public static bool IsValidDump(in DumpItRequest<AddressMessage> request, string family)
    {
        AddressMessage message = request.Message;
        IfAddrMsg header = message.Header;
        if (!request.IsStrict)
            return true;
        if (header.PrefixLength != 0 || header.Flags != 0 || header.Scope != 0)
        {
            request.Fail(Errno.EINVAL, $"{family}: Invalid values in header for address dump request");
            return false;
        }
        if (message with { Header = default, TargetNetnsId = null } != default)
        {
            request.Fail(Errno.EINVAL, $"{family}: Unsupported attribute in dump request");
            return false;
        }
        if (message.TargetNetnsId is not null)
        {
            request.Fail(Errno.EINVAL, $"{family}: Invalid target network namespace id");
            return false;
        }
        if (header.Index == 0)
            return true;
        request.SetFiltered();
        if (request.Read<Links.LinkTable>().TryFind((int)header.Index, out _))
            return true;
        request.Fail(Errno.ENODEV);
        return false;
    }
}
