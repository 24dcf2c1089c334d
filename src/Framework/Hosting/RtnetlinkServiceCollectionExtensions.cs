using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace SmallRtnl;

/// <summary>Adds rtnetlink to a host.</summary>
public static class RtnetlinkServiceCollectionExtensions
{
    /// <summary>Adds the lock engine, the namespaces and the dispatcher; handlers come with their assemblies' <c>Add…Handlers()</c>.</summary>
    public static RtnetlinkBuilder AddRtnetlink(this IServiceCollection services, Action<RtnetlinkOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        OptionsBuilder<RtnetlinkOptions> options = services.AddOptions<RtnetlinkOptions>();
        if (configure is not null)
            options.Configure(configure);
        services.TryAdd(ServiceDescriptor.Singleton(typeof(ILogger<>), typeof(NullLogger<>)));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RtnlReports>();
        services.TryAddSingleton(static provider =>
        {
            RtnetlinkOptions options = provider.GetRequiredService<IOptions<RtnetlinkOptions>>().Value;
            // Whatever is locked can be reported.
            _ = provider.GetRequiredService<RtnlReports>();
            return new RtnlGate(options.Mode, options.MaxExclusiveBatch);
        });
        services.TryAddSingleton(static provider =>
        {
            RtnlGate gate = provider.GetRequiredService<RtnlGate>();
            return gate.Statistics = new RtnlStatistics(gate);
        });
        services.TryAddSingleton(static provider => new NetRegistry(
            provider.GetRequiredService<RtnlGate>(),
            provider.GetServices<IPernetSubsystem>().DistinctBy(static subsystem => subsystem.GetType()),
            provider.GetRequiredService<ILogger<NetRegistry>>()));
        services.TryAddSingleton(static provider =>
        {
            var builder = new HandlerTableBuilder(provider.GetRequiredService<IOptions<RtnetlinkOptions>>().Value.MaxMessageType);
            // What was registered twice in two ways is one module all the same.
            foreach (IHandlerModule module in provider.GetServices<IHandlerModule>().DistinctBy(static module => module.GetType()))
                module.Register(builder);
            return builder.Build();
        });
        services.TryAddSingleton(static provider => new RtnlDispatcher(
            provider.GetRequiredService<NetRegistry>(),
            provider.GetRequiredService<HandlerTable>(),
            provider.GetRequiredService<ILogger<RtnlDispatcher>>(),
            provider.GetRequiredService<RtnlStatistics>())
        {
            StopTimeout = provider.GetRequiredService<IOptions<RtnetlinkOptions>>().Value.StopTimeout,
            Detour = LockDetour.For(provider.GetRequiredService<HandlerTable>(), provider.GetRequiredService<IOptions<RtnetlinkOptions>>().Value),
        });
        services.AddHostedService<UnixSocketServer>();
        return new RtnetlinkBuilder(services);
    }
}
