using SmallRtnl.Links;

namespace SmallRtnl.Routes;

/// <summary>The dump of one family's tables (<c>inet_dump_fib</c>, <c>inet6_dump_fib</c>).</summary>
internal static class RouteDump
{
    public static IEnumerable<TMessage> Rows<TMessage, TShape>(DumpItRequest<TMessage> request, ProtocolFamily family, TimeProvider time)
        where TMessage : struct, INetlinkMessage<TMessage>
        where TShape : struct, IRouteShape<TMessage>
    {
        if (!RouteRequest.TryReadFilter<TMessage, TShape>(in request, out RouteFilter filter) || filter.ShowsNothing)
            yield break;
        RouteTable routes = request.Read<RouteTable>();
        LinkTable links = request.Read<LinkTable>();
        long now = HostClock.Milliseconds(time);
        if (filter.Table != 0 && !routes.TryGet(family, filter.Table, out _))
        {
            // One family of several has nothing to add; asked for by itself it says so.
            if (TShape.Read(request.Message).Header.Family == family)
                request.Fail(Errno.ENOENT, family == ProtocolFamily.AF_INET6 ? "ipv6: FIB table does not exist" : "ipv4: FIB table does not exist");
            yield break;
        }
        foreach (Fib table in routes.All(family))
        {
            if (filter.Table != 0 && table.Id != filter.Table)
                continue;
            foreach (Route route in table.All)
            {
                if (filter.Fits(route))
                    yield return TShape.Write(RouteMessages.From(route, links, now));
            }
        }
    }
}
