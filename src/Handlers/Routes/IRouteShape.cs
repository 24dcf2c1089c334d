namespace SmallRtnl.Routes;

/// <summary>How a family's dump asks for routes and tells them.</summary>
/// <typeparam name="TMessage">Its message.</typeparam>
internal interface IRouteShape<TMessage>
{
    /// <summary>What a request for a dump says.</summary>
    static abstract (RtMsg Header, uint? Table, int? OutputIndex) Read(in TMessage request);

    /// <summary>A route as this family tells it.</summary>
    static abstract TMessage Write(in RouteMessage route);
}

/// <summary>IPv4's.</summary>
internal readonly struct InetRouteShape : IRouteShape<RouteMessage>
{
    public static (RtMsg Header, uint? Table, int? OutputIndex) Read(in RouteMessage request) =>
        (request.Header, request.Table, request.OutputIndex);

    public static RouteMessage Write(in RouteMessage route) => route;
}

/// <summary>IPv6's.</summary>
internal readonly struct Inet6RouteShape : IRouteShape<Inet6RouteMessage>
{
    public static (RtMsg Header, uint? Table, int? OutputIndex) Read(in Inet6RouteMessage request) =>
        (request.Header, request.Table, request.OutputIndex);

    public static Inet6RouteMessage Write(in RouteMessage route) => Inet6RouteMessage.Of(in route);
}
