namespace SmallRtnl.Addresses;

/// <summary>An address's lifetimes as they were given, and when.</summary>
/// <param name="Valid">Seconds; <see cref="AddressCacheInfo.Forever"/> for no end.</param>
/// <param name="Preferred">Seconds; <see cref="AddressCacheInfo.Forever"/> for no end.</param>
/// <param name="Updated">When they were given, milliseconds of the host's clock.</param>
public readonly record struct AddressLifetime(uint Valid, uint Preferred, long Updated)
{
    /// <summary>No end.</summary>
    public static AddressLifetime Forever { get; } = new(AddressCacheInfo.Forever, AddressCacheInfo.Forever, 0);

    /// <summary>Whether the address goes by itself some day.</summary>
    public bool IsFinite => Valid != AddressCacheInfo.Forever;

    /// <summary>When the next thing happens: deprecation, then the end; null for never.</summary>
    public long? NextChange(long now)
    {
        long preferredUntil = Updated + (Preferred * 1000L);
        if (Preferred != AddressCacheInfo.Forever && preferredUntil > now)
            return preferredUntil;
        return IsFinite ? Updated + (Valid * 1000L) : null;
    }

    /// <summary>Whether it has come to its end.</summary>
    public bool HasEnded(long now) => IsFinite && now >= Updated + (Valid * 1000L);

    /// <summary>Whether it is no longer preferred.</summary>
    public bool IsDeprecated(long now) => Preferred != AddressCacheInfo.Forever && now >= Updated + (Preferred * 1000L);

    /// <summary>What is left of a lifetime at <paramref name="now"/>, in seconds.</summary>
    public uint Remaining(uint lifetime, long now) => lifetime == AddressCacheInfo.Forever
        ? lifetime
        : (uint)Math.Max(0, lifetime - ((now - Updated) / 1000));
}
