using System.Collections.Immutable;
using SmallRtnl.Links;

namespace SmallRtnl.Routes;

/// <summary>
/// Changes the routing tables of one namespace on behalf of a request, and says so. Stages through the request; nothing is visible until
/// it succeeds.
/// </summary>
internal readonly struct RouteEditor(RtnlContext context, Net net, TimeProvider time)
{
    /// <summary>The tables as this request sees them.</summary>
    public RouteTable Table => context.Read<RouteTable>(net);

    /// <summary>The links as this request sees them.</summary>
    public LinkTable Links => context.Read<LinkTable>(net);

    /// <summary>The host's clock in milliseconds.</summary>
    public long Now => HostClock.Milliseconds(time);

    /// <summary>Inserts an IPv4 route as NLM_F_* ask (<c>fib_table_insert</c>).</summary>
    /// <param name="route">The route.</param>
    /// <param name="flags">NLM_F_CREATE, EXCL, REPLACE, APPEND.</param>
    /// <param name="isRequested">Whether a client asked for this very route; else it is a consequence.</param>
    [RequiresLock(RtnlLock.PerNet)]
    public RtnlResult InsertInet(Route route, NetlinkFlags flags, bool isRequested)
    {
        Fib fib = Table.Get(ProtocolFamily.AF_INET, route.Table);
        ImmutableArray<Route> routes = fib.Of(route.Destination);
        int first = FirstOfKey(routes, route, out int end);
        NetlinkFlags notified = NetlinkFlags.NLM_F_CREATE;
        if (first < 0)
        {
            notified |= NetlinkFlags.NLM_F_EXCL;
            if ((flags & NetlinkFlags.NLM_F_CREATE) == 0)
                return RtnlResult.Error(Errno.ENOENT);
            routes = routes.Insert(end, route);
        }
        else
        {
            if ((flags & NetlinkFlags.NLM_F_EXCL) != 0)
                return RtnlResult.Error(Errno.EEXIST);
            int same = IndexOfSame(routes, route, first, end);
            if ((flags & NetlinkFlags.NLM_F_REPLACE) != 0)
            {
                if (same >= 0)
                    return same == first ? RtnlResult.Ok : RtnlResult.Error(Errno.EEXIST);
                routes = routes.SetItem(first, route);
                notified = NetlinkFlags.NLM_F_REPLACE;
            }
            else
            {
                if (same >= 0)
                    return RtnlResult.Error(Errno.EEXIST);
                bool append = (flags & NetlinkFlags.NLM_F_APPEND) != 0;
                if ((flags & NetlinkFlags.NLM_F_CREATE) == 0)
                    return RtnlResult.Error(Errno.ENOENT);
                routes = routes.Insert(append ? end : first, route);
                if (append)
                    notified |= NetlinkFlags.NLM_F_APPEND;
            }
        }
        Put(route, fib.With(route.Destination, routes));
        Say(RtmType.RTM_NEWROUTE, route, notified, isRequested);
        return RtnlResult.Ok;
    }

    /// <summary>Inserts an IPv6 route (<c>fib6_add</c>): by metric within its prefix, the older first.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public RtnlResult InsertInet6(Route route, NetlinkFlags flags, bool isRequested)
    {
        Fib fib = Table.Get(ProtocolFamily.AF_INET6, route.Table);
        ImmutableArray<Route> routes = fib.Of(route.Destination);
        bool replace = (flags & NetlinkFlags.NLM_F_REPLACE) != 0;
        if (routes.IsEmpty && replace && (flags & NetlinkFlags.NLM_F_CREATE) == 0)
            return RtnlResult.Error(Errno.ENOENT, "Can not replace route - no match found");
        NetlinkFlags notified = NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_EXCL;
        int at = 0, replaced = -1;
        for (; at < routes.Length && routes[at].Priority <= route.Priority; at++)
        {
            Route other = routes[at];
            if (other.Priority != route.Priority)
                continue;
            if ((flags & NetlinkFlags.NLM_F_EXCL) != 0)
                return RtnlResult.Error(Errno.EEXIST);
            notified = NetlinkFlags.NLM_F_CREATE | (flags & NetlinkFlags.NLM_F_APPEND);
            if (replace)
            {
                if (replaced < 0)
                    replaced = at;
                continue;
            }
            if (other.OutputIndex == route.OutputIndex && other.Gateway == route.Gateway && other.Type == route.Type)
                return RtnlResult.Error(Errno.EEXIST);
            // The kernel would make siblings of them: one route with several ways.
            if (other.Gateway is not null && route.Gateway is not null && (flags & NetlinkFlags.NLM_F_APPEND) != 0)
                return RtnlResult.Error(Errno.EOPNOTSUPP, "Multipath routes are not supported");
        }
        if (replace && replaced < 0 && (flags & NetlinkFlags.NLM_F_CREATE) == 0)
            return RtnlResult.Error(Errno.ENOENT);
        routes = replaced >= 0 ? routes.SetItem(replaced, route) : routes.Insert(at, route);
        Put(route, fib.With(route.Destination, routes));
        Say(RtmType.RTM_NEWROUTE, route, replaced >= 0 ? NetlinkFlags.NLM_F_REPLACE : notified, isRequested);
        return RtnlResult.Ok;
    }

    /// <summary>Inserts a route of either family as a consequence; one that is there already stays as it is.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Imply(Route route)
    {
        NetlinkFlags flags = NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_APPEND;
        if (route.Family == ProtocolFamily.AF_INET6)
            _ = InsertInet6(route, NetlinkFlags.NLM_F_CREATE, isRequested: false);
        else
            _ = InsertInet(route, flags, isRequested: false);
    }

    /// <summary>Removes a route that is known.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Remove(Route route, bool isRequested = false, bool silently = false)
    {
        Fib fib = Table.Get(route.Family, route.Table);
        ImmutableArray<Route> routes = fib.Of(route.Destination);
        int at = IndexOf(routes, route);
        if (at < 0)
            return;
        Put(route, fib.With(route.Destination, routes.RemoveAt(at)));
        if (!silently)
            Say(RtmType.RTM_DELROUTE, route, NetlinkFlags.None, isRequested);
    }

    /// <summary>Puts another version in a route's place without a word.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Change(Route before, Route after)
    {
        Fib fib = Table.Get(before.Family, before.Table);
        ImmutableArray<Route> routes = fib.Of(before.Destination);
        int at = IndexOf(routes, before);
        if (at >= 0)
            Put(after, fib.With(before.Destination, routes.SetItem(at, after)));
    }

    /// <summary>The routes of a family that satisfy a condition, in the order of a dump.</summary>
    public List<Route> Where(ProtocolFamily family, Func<Route, bool> condition)
    {
        var found = new List<Route>();
        foreach (KeyValuePair<TableKey, Fib> table in Table.All(family))
            found.AddRange(table.Value.All.Where(condition));
        return found;
    }

    private static int IndexOf(ImmutableArray<Route> routes, Route route)
    {
        for (int i = 0; i < routes.Length; i++)
        {
            if (ReferenceEquals(routes[i], route))
                return i;
        }
        return -1;
    }

    /// <summary>The first route with the same tos and priority; -1 where there is none.</summary>
    /// <param name="routes">The routes of one prefix, by tos descending, then priority.</param>
    /// <param name="route">Whose key.</param>
    /// <param name="end">Behind the last of that key, or where the first would go.</param>
    private static int FirstOfKey(ImmutableArray<Route> routes, Route route, out int end)
    {
        int first = -1;
        for (end = 0; end < routes.Length; end++)
        {
            Route other = routes[end];
            int order = other.Tos != route.Tos ? route.Tos.CompareTo(other.Tos) : other.Priority.CompareTo(route.Priority);
            if (order > 0)
                break;
            if (order == 0 && first < 0)
                first = end;
        }
        return first;
    }

    private static int IndexOfSame(ImmutableArray<Route> routes, Route route, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            if (routes[i].Type == route.Type && routes[i].HasSameNexthop(route))
                return i;
        }
        return -1;
    }

    private void Put(Route route, Fib fib) => context.Stage(net, Table.With(route.Family, route.Table, fib));

    private void Say(RtmType type, Route route, NetlinkFlags flags, bool isRequested)
    {
        int group = route.Family == ProtocolFamily.AF_INET6 ? RtnetlinkGroup.RTNLGRP_IPV6_ROUTE : RtnetlinkGroup.RTNLGRP_IPV4_ROUTE;
        // A route that goes has no time left to tell of (fib6_del_route).
        Route told = type == RtmType.RTM_DELROUTE ? route with { ExpiresAt = null } : route;
        RouteMessage message = RouteMessages.From(told, Links, Now);
        if (isRequested)
            context.Notify(net, group, type, in message, flags);
        else
            context.Announce(net, group, type, in message, flags);
    }
}
