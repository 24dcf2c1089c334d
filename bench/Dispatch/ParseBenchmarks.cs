using BenchmarkDotNet.Attributes;
using SmallRtnl.Addresses;
using SmallRtnl.Links;
using SmallRtnl.Routes;

namespace SmallRtnl.Bench;

/// <summary>Parsing and policy check of a request, as the dispatcher asks for it, against a hand-written span parser with the same checks into a struct with the same fields.</summary>
public class ParseBenchmarks
{
    private readonly Extack _extack = new();
    private readonly ReadOnlyMemory<byte> _address = MessageSamples.Address();
    private readonly ReadOnlyMemory<byte> _route = MessageSamples.Route();
    private readonly ReadOnlyMemory<byte> _link = MessageSamples.Link();
    private readonly NetlinkValidation _validation = NetlinkValidation.Liberal;

    [GlobalSetup]
    public void SetUp()
    {
        if (!NewAddress() || !NewAddressByHand() || !NewRoute() || !NewRouteByHand() || !NewLink() || !NewLinkByHand())
            throw new InvalidOperationException("The messages are refused, so what it costs to read them means nothing.");
    }

    [Benchmark]
    public bool NewAddress() => TryParse(_address, out AddressMessage message) && message.Header.PrefixLength == 24;

    [Benchmark]
    public bool NewAddressByHand() => HandWrittenAddress.TryParse(_address, _validation, _extack, out HandWrittenAddress message) && message.Header.PrefixLength == 24;

    [Benchmark]
    public bool NewRoute() => TryParse(_route, out RouteMessage message) && message.Header.DestinationLength == 16;

    [Benchmark]
    public bool NewRouteByHand() => HandWrittenRoute.TryParse(_route, _validation, _extack, out HandWrittenRoute message) && message.Header.DestinationLength == 16;

    [Benchmark]
    public bool NewLink() => TryParse(_link, out LinkMessage message) && message.Header.Index == 0;

    [Benchmark]
    public bool NewLinkByHand() => HandWrittenLink.TryParse(_link, _validation, _extack, out HandWrittenLink message) && message.Header.Index == 0;

    /// <summary>As <see cref="RequestContext.TryParse"/> does.</summary>
    private bool TryParse<T>(ReadOnlyMemory<byte> message, out T parsed)
        where T : struct, INetlinkMessage<T>
    {
        var payload = new NetlinkPayload(message[NetlinkHeader.Size..], NetlinkHeader.Size, (ProtocolFamily)message.Span[NetlinkHeader.Size], _validation);
        return T.TryParse(in payload, _extack, out parsed);
    }
}
