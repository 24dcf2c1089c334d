using CsCheck;
using SmallRtnl.Addresses;
using SmallRtnl.Routes;

namespace SmallRtnl.Handlers.Tests.Routes;

/// <summary>What is written is what is read again.</summary>
public sealed class MessageProperties
{
    private static readonly Gen<ProtocolFamily> s_family = Gen.OneOf(ProtocolFamily.AF_INET, ProtocolFamily.AF_INET6);
    private static readonly Gen<uint?> s_uint = Maybe(Gen.UInt);
    private static readonly Gen<int?> s_int = Maybe(Gen.Int);
    private static readonly Gen<byte?> s_byte = Maybe(Gen.Byte);
    private static readonly Gen<ushort?> s_ushort = Maybe(Gen.UShort);
    private static readonly Gen<NetlinkBytes?> s_bytes = Maybe(Gen.Byte.Array[0, 40].Select(bytes => new NetlinkBytes(bytes)));

    [Fact]
    public void Address_messages_come_back_as_they_were()
    {
        Gen<InterfaceName?> label = Maybe(Gen.Byte[1, 255].Array[1, 15].Select(bytes => InterfaceName.TryCreate(bytes, out InterfaceName name) ? name : default));
        Gen<AddressCacheInfo?> cacheInfo = Maybe(Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt, Gen.UInt, (a, b, c, d) => new AddressCacheInfo(a, b, c, d)));
        Gen<AddressMessage> message =
            from family in s_family
            from header in Gen.Select(Gen.Byte, Gen.Byte, Gen.Byte, Gen.UInt)
            from addresses in AddressOf(family).Array[3]
            from head in Gen.Select(s_int, label, s_uint, s_uint)
            from tail in Gen.Select(cacheInfo, s_byte, s_bytes)
            select new AddressMessage
            {
                Header = new IfAddrMsg(family, header.Item1, header.Item2, header.Item3, header.Item4),
                TargetNetnsId = head.Item1,
                Address = addresses[0],
                Local = addresses[1],
                Broadcast = addresses[2],
                Label = head.Item2,
                Flags = (AddressFlags?)head.Item3,
                RoutePriority = head.Item4,
                CacheInfo = tail.Item1,
                Protocol = tail.Item2,
                Anycast = tail.Item3,
            };
        message.Sample(one => RoundTrip(one) == one, iter: 3000, threads: 1);
    }

    [Fact]
    public void Route_messages_come_back_as_they_were()
    {
        Gen<RouteCacheInfo?> cacheInfo = Maybe(Gen.Select(Gen.UInt, Gen.Int, Gen.UInt, (a, b, c) => new RouteCacheInfo(a, c, b, a, c, a, c, a)));
        Gen<RouteMessage> message =
            from family in s_family
            from header in Gen.Byte.Array[7]
            from flags in Gen.UInt
            from addresses in AddressOf(family).Array[4]
            from numbers in s_uint.Array[7]
            from indexes in s_int.Array[2]
            from blobs in s_bytes.Array[4]
            from small in Gen.Select(s_byte, s_byte, s_ushort, s_ushort, s_ushort, cacheInfo)
            select new RouteMessage
            {
                Header = new RtMsg(family, header[0], header[1], header[2], header[3], header[4], header[5], (RouteType)header[6], (RouteFlags)flags),
                Table = numbers[0],
                Destination = addresses[0],
                Source = addresses[1],
                Priority = numbers[1],
                Metrics = blobs[0],
                PreferredSource = addresses[2],
                Gateway = addresses[3],
                OutputIndex = indexes[0],
                Flow = numbers[2],
                Mark = numbers[3],
                UserId = numbers[4],
                CacheInfo = small.Item6,
                Preference = small.Item1,
                Expires = numbers[5],
                InputIndex = indexes[1],
                Multipath = blobs[1],
                Via = blobs[2],
                NexthopId = numbers[6],
                EncapType = small.Item3,
                Encap = blobs[3],
                IpProtocol = small.Item2,
                SourcePort = small.Item4,
                DestinationPort = small.Item5,
            };
        message.Sample(one => RoundTrip(one) == one, iter: 3000, threads: 1);
    }

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : struct => Gen.Frequency((1, Gen.Const((T?)null)), (2, gen.Select(value => (T?)value)));

    private static Gen<InetAddress?> AddressOf(ProtocolFamily family) =>
        Maybe(Gen.Byte.Array[family == ProtocolFamily.AF_INET ? 4 : 16].Select(bytes => InetAddress.FromBytes(bytes)));

    private static T RoundTrip<T>(T message)
        where T : struct, INetlinkMessage<T>
    {
        byte[] buffer = new byte[2048];
        var writer = new NetlinkWriter(buffer);
        message.Write(ref writer);
        Assert.False(writer.Overflowed);
        var extack = new Extack();
        var payload = new NetlinkPayload(buffer.AsMemory(0, writer.Position), NetlinkHeader.Size, (ProtocolFamily)buffer[0], Strict: true);
        Assert.True(T.TryParse(in payload, extack, out T parsed), extack.Message);
        return parsed;
    }
}
