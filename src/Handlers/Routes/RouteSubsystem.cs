namespace SmallRtnl.Routes;

/// <summary>The routing tables of every namespace.</summary>
[PernetSubsystem(10)]
public sealed class RouteSubsystem : IPernetSubsystem
{
    /// <inheritdoc/>
    public void Init(PernetInit init) => init.Add(RouteTable.Initial);

    /// <inheritdoc/>
    /// <remarks>Routes without a device stay to the end; nobody can see them any more.</remarks>
    public void Exit(RtnlContext context, Net net) => context.Stage(net, RouteTable.Initial);
}
