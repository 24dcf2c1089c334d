using BenchmarkDotNet.Attributes;
using SmallRtnl.Addresses;
using SmallRtnl.Links;
using SmallRtnl.Routes;

namespace SmallRtnl.Bench;

/// <summary>Writing what <see cref="ParseBenchmarks"/> reads, against a hand-written serialiser.</summary>
public class WriteBenchmarks
{
    private readonly byte[] _buffer = new byte[4096];
    private AddressMessage _address;
    private RouteMessage _route;
    private LinkMessage _link;
    private HandWrittenAddress _addressByHand;
    private HandWrittenRoute _routeByHand;
    private HandWrittenLink _linkByHand;

    [GlobalSetup]
    public void SetUp()
    {
        var extack = new Extack();
        byte[] address = MessageSamples.Address();
        byte[] route = MessageSamples.Route();
        byte[] link = MessageSamples.Link();
        bool read = TryParse(address, extack, out _address)
            && TryParse(route, extack, out _route)
            && TryParse(link, extack, out _link)
            && HandWrittenAddress.TryParse(address, NetlinkValidation.Liberal, extack, out _addressByHand)
            && HandWrittenRoute.TryParse(route, NetlinkValidation.Liberal, extack, out _routeByHand)
            && HandWrittenLink.TryParse(link, NetlinkValidation.Liberal, extack, out _linkByHand);
        if (!read || !Same(NewAddress, NewAddressByHand) || !Same(NewRoute, NewRouteByHand) || !Same(NewLink, NewLinkByHand))
            throw new InvalidOperationException("Both do not write the same, so their cost cannot be compared.");
    }

    [Benchmark]
    public int NewAddress() => Write(in _address);

    [Benchmark]
    public int NewAddressByHand() => _addressByHand.Write(_buffer);

    [Benchmark]
    public int NewRoute() => Write(in _route);

    [Benchmark]
    public int NewRouteByHand() => _routeByHand.Write(_buffer);

    [Benchmark]
    public int NewLink() => Write(in _link);

    [Benchmark]
    public int NewLinkByHand() => _linkByHand.Write(_buffer);

    private int Write<T>(in T message)
        where T : struct, INetlinkMessage<T>
    {
        var writer = new NetlinkWriter(_buffer);
        message.Write(ref writer);
        return writer.Position;
    }

    private bool Same(Func<int> ours, Func<int> byHand)
    {
        byte[] expected = _buffer[..ours()];
        return _buffer.AsSpan(0, byHand()).SequenceEqual(expected);
    }

    private static bool TryParse<T>(byte[] message, Extack extack, out T parsed)
        where T : struct, INetlinkMessage<T>
    {
        var payload = new NetlinkPayload(message.AsMemory(NetlinkHeader.Size), NetlinkHeader.Size, (ProtocolFamily)message[NetlinkHeader.Size], NetlinkValidation.Liberal);
        return T.TryParse(in payload, extack, out parsed);
    }
}
