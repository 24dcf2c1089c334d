using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl.Routes;

/// <summary>RTA_METRICS: values by number, RTAX_LOCK to RTAX_FASTOPEN_NO_COOKIE, and the congestion control by name. Immutable.</summary>
public sealed class RouteMetrics : IEquatable<RouteMetrics>
{
    private const int RTAX_LOCK = 1;
    private const int RTAX_MTU = 2;
    private const int RTAX_ADVMSS = 8;
    private const int RTAX_HOPLIMIT = 10;
    private const int RTAX_FEATURES = 12;
    private const int RTAX_CC_ALGO = 16;
    private const int RTAX_MAX = 17;

    // What a kernel without further modules has.
    private static readonly string[] s_congestionControls = ["reno", "cubic"];

    private readonly byte[] _attributes;

    private RouteMetrics(byte[] attributes) => _attributes = attributes;

    /// <summary>The nest's payload, as replies carry it.</summary>
    public NetlinkBytes Attributes => new(_attributes);

    /// <summary>Reads a request's nest (<c>ip_metrics_convert</c>).</summary>
    public static RtnlResult TryParse(NetlinkBytes? nest, out RouteMetrics? metrics)
    {
        metrics = null;
        if (nest is not { } bytes)
            return RtnlResult.Ok;
        var values = new SortedDictionary<int, byte[]>();
        var reader = new NetlinkAttributeReader(bytes.Memory, 0);
        while (reader.Read())
        {
            int type = reader.Type;
            if (type == 0)
                continue;
            if (type > RTAX_MAX)
                return RtnlResult.Error(Errno.EINVAL, "Invalid metric type");
            if (type == RTAX_CC_ALGO)
            {
                string name = Encoding.UTF8.GetString(reader.Value.Span.TrimEnd((byte)0));
                if (!s_congestionControls.Contains(name))
                    return RtnlResult.Error(Errno.EINVAL, "Unknown tcp congestion algorithm");
                values[type] = [.. Encoding.UTF8.GetBytes(name), 0];
                continue;
            }
            if (reader.Value.Length != sizeof(uint))
                return RtnlResult.Error(Errno.EINVAL, "Invalid attribute in metrics");
            uint value = MemoryMarshal.Read<uint>(reader.Value.Span);
            value = type switch
            {
                RTAX_ADVMSS => Math.Min(value, 65535 - 40),
                RTAX_MTU => Math.Min(value, 65535 - 15),
                RTAX_HOPLIMIT => Math.Min(value, 255),
                _ => value,
            };
            if (type == RTAX_FEATURES && (value & ~0xfu) != 0)
                return RtnlResult.Error(Errno.EINVAL, "Unknown flag set in feature mask in metrics attribute");
            values[type] = BitConverter.GetBytes(value);
        }
        metrics = Build(values);
        return RtnlResult.Ok;
    }

    /// <summary>Whether a route has every metric that a request names; what it has beside them does not matter (<c>fib_metrics_match</c>).</summary>
    public static bool Match(NetlinkBytes? nest, RouteMetrics? metrics)
    {
        if (nest is not { } bytes)
            return true;
        var reader = new NetlinkAttributeReader(bytes.Memory, 0);
        while (reader.Read())
        {
            if (reader.Type != 0 && !(metrics is null ? default : metrics.ValueOf(reader.Type)).TrimEnd((byte)0).SequenceEqual(reader.Value.Span.TrimEnd((byte)0)))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public bool Equals(RouteMetrics? other) => other is not null && _attributes.AsSpan().SequenceEqual(other._attributes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RouteMetrics);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_attributes);
        return hash.ToHashCode();
    }

    /// <summary>A metric's bytes; none for one that is not set.</summary>
    private ReadOnlySpan<byte> ValueOf(int type)
    {
        var reader = new NetlinkAttributeReader(_attributes, 0);
        while (reader.Read())
        {
            if (reader.Type == type)
                return reader.Value.Span;
        }
        return default;
    }

    private static RouteMetrics? Build(SortedDictionary<int, byte[]> values)
    {
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        foreach ((int type, byte[] value) in values)
        {
            // A value of 0 is the default and is not shown.
            if (type == RTAX_CC_ALGO || value.AsSpan().IndexOfAnyExcept((byte)0) >= 0)
                writer.PutBytes((ushort)type, value);
        }
        return writer.Position == 0 ? null : new RouteMetrics(buffer[..writer.Position]);
    }
}
