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
        RouteTables tables = Table.Tables;
        RtnlResult result = InsertInet(ref tables, route, flags, isRequested);
        if (result.IsOk)
            Put(in tables);
        return result;
    }

    /// <summary>Inserts an IPv6 route (<c>fib6_add</c>): by metric within its prefix, the older first.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public RtnlResult InsertInet6(Route route, NetlinkFlags flags, bool isRequested)
    {
        RouteTables tables = Table.Tables;
        RtnlResult result = InsertInet6(ref tables, route, flags, isRequested);
        if (result.IsOk)
            Put(in tables);
        return result;
    }

    /// <summary>Inserts a route of either family as a consequence; one that is there already stays as it is.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Imply(Route route)
    {
        RouteTables tables = Table.Tables;
        Imply(ref tables, route);
        Put(in tables);
    }

    /// <summary>The same into tables that the caller puts into place.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Imply(ref RouteTables tables, Route route)
    {
        if (route.Family == ProtocolFamily.AF_INET6)
            _ = InsertInet6(ref tables, route, NetlinkFlags.NLM_F_CREATE, isRequested: false);
        else
            _ = InsertInet(ref tables, route, NetlinkFlags.NLM_F_CREATE | NetlinkFlags.NLM_F_APPEND, isRequested: false);
    }

    /// <summary>Puts tables that have been changed into place.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Put(in RouteTables tables) => context.Stage(net, new RouteTable(in tables));

    /// <summary>Removes a route that is known.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Remove(Route route, bool isRequested = false)
    {
        RouteTables tables = Table.Tables;
        Fib fib = tables.Get(route.Family, route.Table);
        PrefixRoutes routes = fib.Of(route.Key);
        int at = IndexOf(routes, route);
        if (at < 0)
            return;
        Remove(ref tables, fib, routes, at, isRequested);
        Put(in tables);
    }

    /// <summary>Removes a route that has been found in tables that the caller puts into place.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Remove(ref RouteTables tables, Fib fib, PrefixRoutes routes, int at, bool isRequested = false)
    {
        Route route = routes[at];
        tables.Put(route.Family, fib.WithRemoved(routes, at));
        Say(RtmType.RTM_DELROUTE, route, NetlinkFlags.None, isRequested);
    }

    /// <summary>Removes the routes of a family that satisfy a condition, in the order of a dump.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void RemoveAll<TCondition>(ProtocolFamily family, in TCondition condition, bool silently = false)
        where TCondition : struct, IItemCondition<Route>
    {
        RouteTables tables = Table.Tables;
        if (RemoveAll(ref tables, family, in condition, silently))
            Put(in tables);
    }

    /// <summary>The same from tables that the caller puts into place.</summary>
    /// <returns>Whether there were any.</returns>
    [RequiresLock(RtnlLock.PerNet)]
    public bool RemoveAll<TCondition>(ref RouteTables tables, ProtocolFamily family, in TCondition condition, bool silently = false)
        where TCondition : struct, IItemCondition<Route>
    {
        bool found = false;
        if (tables.HasOthers(family))
        {
            foreach (Fib fib in tables.All(family))
                found |= RemoveAll(ref tables, family, fib, in condition, silently);
            return found;
        }
        if (tables.Find(family, RouteTableId.Main) is { } main)
            found = RemoveAll(ref tables, family, main, in condition, silently);
        if (tables.Find(family, RouteTableId.Local) is { } local)
            found |= RemoveAll(ref tables, family, local, in condition, silently);
        return found;
    }

    /// <summary>Puts another version in a route's place without a word.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Change(Route before, Route after)
    {
        RouteTables tables = Table.Tables;
        Fib fib = tables.Get(before.Family, before.Table);
        PrefixRoutes routes = fib.Of(before.Key);
        int at = IndexOf(routes, before);
        if (at < 0)
            return;
        tables.Put(before.Family, fib.WithReplaced(routes, at, after));
        Put(in tables);
    }

    private RtnlResult InsertInet(ref RouteTables tables, Route route, NetlinkFlags flags, bool isRequested)
    {
        Fib fib = tables.Get(ProtocolFamily.AF_INET, route.Table);
        PrefixRoutes routes = fib.Of(route.Key);
        int first = FirstOfKey(routes, route, out int end);
        NetlinkFlags notified = NetlinkFlags.NLM_F_CREATE;
        if (first < 0)
        {
            notified |= NetlinkFlags.NLM_F_EXCL;
            if ((flags & NetlinkFlags.NLM_F_CREATE) == 0)
                return RtnlResult.Error(Errno.ENOENT);
            fib = fib.WithInserted(routes, end, route);
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
                fib = fib.WithReplaced(routes, first, route);
                notified = NetlinkFlags.NLM_F_REPLACE;
            }
            else
            {
                if (same >= 0)
                    return RtnlResult.Error(Errno.EEXIST);
                bool append = (flags & NetlinkFlags.NLM_F_APPEND) != 0;
                if ((flags & NetlinkFlags.NLM_F_CREATE) == 0)
                    return RtnlResult.Error(Errno.ENOENT);
                fib = fib.WithInserted(routes, append ? end : first, route);
                if (append)
                    notified |= NetlinkFlags.NLM_F_APPEND;
            }
        }
        tables.Put(ProtocolFamily.AF_INET, fib);
        tables.HasCustomLocal |= isRequested && route.Type == RouteType.RTN_LOCAL;
        tables.HadFlows |= route.Flow != 0;
        Say(RtmType.RTM_NEWROUTE, route, notified, isRequested);
        return RtnlResult.Ok;
    }

    /// <summary>Into the prefix's routes of one metric (<c>fib6_add_rt2node</c>): those with a gateway are of one sort, the others of another.</summary>
    private RtnlResult InsertInet6(ref RouteTables tables, Route route, NetlinkFlags flags, bool isRequested)
    {
        Fib fib = tables.Get(ProtocolFamily.AF_INET6, route.Table);
        PrefixRoutes routes = fib.Of(route.Key);
        bool replace = (flags & NetlinkFlags.NLM_F_REPLACE) != 0, create = (flags & NetlinkFlags.NLM_F_CREATE) != 0;
        // Where two branches of the kernel's tree part there is a place, though no route: it says nothing about why.
        if (routes.Count == 0 && replace && !create)
            return RtnlResult.Error(Errno.ENOENT, route.Length == 0 || fib.IsFork(route.Key) ? null : "Can not replace route - no match found");
        bool hasGateway = route.Gateway is not null, hasSibling = false;
        NetlinkFlags notified = NetlinkFlags.NLM_F_EXCL | (flags & NetlinkFlags.NLM_F_APPEND);
        int at = 0, replaced = -1, fallback = -1;
        for (; at < routes.Count && routes[at].Priority <= route.Priority; at++)
        {
            Route other = routes[at];
            if (other.Priority != route.Priority)
                continue;
            if ((flags & NetlinkFlags.NLM_F_EXCL) != 0)
                return RtnlResult.Error(Errno.EEXIST);
            notified &= ~NetlinkFlags.NLM_F_EXCL;
            bool isSameSort = hasGateway == other.Gateway is not null;
            if (replace)
            {
                if (isSameSort)
                {
                    replaced = at;
                    break;
                }
                if (fallback < 0)
                    fallback = at;
                continue;
            }
            // Whatever its type: the device and the gateway are what a route is known by.
            if (other.OutputIndex == route.OutputIndex && other.Gateway == route.Gateway)
                return RtnlResult.Error(Errno.EEXIST);
            hasSibling |= hasGateway && isSameSort;
        }
        // The kernel would make one route with several next hops of them.
        if (hasSibling)
            return RtnlResult.Error(Errno.EOPNOTSUPP, RouteRequest.NoMultipath);
        if (replaced < 0)
            replaced = fallback;
        if (replaced < 0)
        {
            if (replace && !create)
                return RtnlResult.Error(Errno.ENOENT);
            tables.Put(ProtocolFamily.AF_INET6, fib.WithInserted(routes, at, route));
            Say(RtmType.RTM_NEWROUTE, route, notified | NetlinkFlags.NLM_F_CREATE, isRequested);
            return RtnlResult.Ok;
        }
        tables.Put(ProtocolFamily.AF_INET6, fib.WithReplaced(routes, replaced, route));
        Say(RtmType.RTM_NEWROUTE, route, NetlinkFlags.NLM_F_REPLACE, isRequested);
        return RtnlResult.Ok;
    }

    private bool RemoveAll<TCondition>(ref RouteTables tables, ProtocolFamily family, Fib fib, in TCondition condition, bool silently)
        where TCondition : struct, IItemCondition<Route>
    {
        Fib rest = fib.Without(in condition);
        if (ReferenceEquals(rest, fib))
            return false;
        tables.Put(family, rest);
        if (silently || !context.IsHeard(net, GroupOf(family)))
            return true;
        foreach (Route route in fib.All)
        {
            if (condition.Suits(route))
                Say(RtmType.RTM_DELROUTE, route, NetlinkFlags.None, isRequested: false);
        }
        return true;
    }

    private static int GroupOf(ProtocolFamily family) =>
        family == ProtocolFamily.AF_INET6 ? RtnetlinkGroup.RTNLGRP_IPV6_ROUTE : RtnetlinkGroup.RTNLGRP_IPV4_ROUTE;

    private static int IndexOf(PrefixRoutes routes, Route route)
    {
        for (int i = 0; i < routes.Count; i++)
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
    private static int FirstOfKey(PrefixRoutes routes, Route route, out int end)
    {
        int first = -1;
        for (end = 0; end < routes.Count; end++)
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

    private static int IndexOfSame(PrefixRoutes routes, Route route, int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            if (routes[i].Type == route.Type && routes[i].HasSameNexthop(route))
                return i;
        }
        return -1;
    }

    private void Say(RtmType type, Route route, NetlinkFlags flags, bool isRequested)
    {
        int group = GroupOf(route.Family);
        if (!context.IsHeard(net, group))
            return;
        // A route that goes has no time left to tell of (fib6_del_route).
        Route told = type == RtmType.RTM_DELROUTE && route.ExpiresAt is not null ? route with { ExpiresAt = null } : route;
        RouteMessage message = RouteMessages.From(told, Links, Now);
        if (route.Family != ProtocolFamily.AF_INET6)
        {
            Say(group, type, in message, flags, isRequested);
            return;
        }
        Inet6RouteMessage inet6 = Inet6RouteMessage.Of(in message);
        Say(group, type, in inet6, flags, isRequested);
    }

    private void Say<TMessage>(int group, RtmType type, in TMessage message, NetlinkFlags flags, bool isRequested)
        where TMessage : struct, INetlinkMessage<TMessage>
    {
        if (isRequested)
            context.Notify(net, group, type, in message, flags);
        else
            context.Announce(net, group, type, in message, flags);
    }
}
