using System.Runtime.InteropServices;

namespace SmallRtnl.Links;

/// <summary>
/// IFLA_INET_CONF: the link's IPv4 sysctls, 33 of them, by number − 1 (<c>IPV4_DEVCONF_*</c>). Here always the defaults. In a request it is a
/// nest of those to be set, of which only the form is judged.
/// </summary>
public readonly struct InetDeviceConf : INetlinkValue<InetDeviceConf>, IEquatable<InetDeviceConf>
{
    private const int NoXfrm = 14;
    private const int NoPolicy = 15;

    private static readonly int[] s_defaults =
        [0, 0, 0, 1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10000, 1000, 0, 0, 0, 0, 1];

    private static readonly AttributePolicy s_policy = AttributePolicy.Nested();

    private readonly bool _isLoopback;
    private readonly bool _asks;
    private readonly bool _isMalformed;

    /// <summary>The defaults for a link; a loopback device takes no part in IPsec.</summary>
    public InetDeviceConf(bool isLoopback) => _isLoopback = isLoopback;

    private InetDeviceConf(bool isLoopback, bool asks, bool isMalformed)
        : this(isLoopback)
    {
        _asks = asks;
        _isMalformed = isMalformed;
    }

    /// <summary>Whether a request wants any of them set.</summary>
    internal bool Asks => _asks;

    /// <summary>Whether a request names one that does not exist, or gives one less than four bytes (<c>inet_validate_link_af</c>).</summary>
    internal bool IsMalformed => _isMalformed;

    /// <inheritdoc/>
    public static AttributePolicy PolicyFor(ProtocolFamily family) => s_policy;

    /// <inheritdoc/>
    public static Errno TryRead(ReadOnlyMemory<byte> payload, ProtocolFamily family, out InetDeviceConf value)
    {
        bool isLoopback = payload.Length >= (NoXfrm + 1) * 4 && MemoryMarshal.Read<int>(payload.Span[(NoXfrm * 4)..]) != 0;
        bool asks = false;
        bool isMalformed = false;
        var setting = new NetlinkAttributeReader(payload, 0);
        while (setting.Read())
        {
            asks = true;
            isMalformed |= setting.ValueSpan.Length < sizeof(int) || setting.Type == 0 || setting.Type > s_defaults.Length;
        }
        value = new InetDeviceConf(isLoopback, asks, isMalformed);
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Write(ref NetlinkWriter writer, ushort type)
    {
        Span<int> values = stackalloc int[s_defaults.Length];
        s_defaults.CopyTo(values);
        if (_isLoopback)
            values[NoXfrm] = values[NoPolicy] = 1;
        writer.PutBytes(type, MemoryMarshal.AsBytes(values));
    }

    /// <inheritdoc/>
    public bool Equals(InetDeviceConf other) => _isLoopback == other._isLoopback;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is InetDeviceConf other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _isLoopback.GetHashCode();

    public static bool operator ==(InetDeviceConf left, InetDeviceConf right) => left.Equals(right);

    public static bool operator !=(InetDeviceConf left, InetDeviceConf right) => !left.Equals(right);
}
