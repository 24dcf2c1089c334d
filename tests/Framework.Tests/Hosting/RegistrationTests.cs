using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SmallRtnl.Tests.Hosting;

/// <summary>Two modules of one host may each register what they need: what is the same is there once.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Handlers_and_subsystems_that_two_modules_register_are_there_once()
    {
        var services = new ServiceCollection();
        Module(services);
        int once = services.Count(descriptor => descriptor.ServiceType == typeof(IHandlerModule) || descriptor.ServiceType == typeof(IPernetSubsystem) || descriptor.ServiceType == typeof(IHostedService));
        Module(services);
        Assert.Equal(once, services.Count(descriptor => descriptor.ServiceType == typeof(IHandlerModule) || descriptor.ServiceType == typeof(IPernetSubsystem) || descriptor.ServiceType == typeof(IHostedService)));
        using ServiceProvider provider = services.BuildServiceProvider();
        HandlerTable table = provider.GetRequiredService<HandlerTable>();
        Assert.Equal(table.Handlers.Count, table.Handlers.Select(handler => (handler.Family, handler.Type, handler.IsDump)).Distinct().Count());
        Assert.Equal(0, provider.GetRequiredService<NetRegistry>().Initial.Snapshot.Get<Counter>().Value);
    }

    [Fact]
    public void A_type_that_is_registered_in_two_ways_is_one()
    {
        var services = new ServiceCollection();
        Module(services);
        // By hand, as an older module of the host may have it.
        Type module = services.Single(descriptor => descriptor.ServiceType == typeof(IHandlerModule)).ImplementationType!;
        services.AddSingleton(typeof(IHandlerModule), module);
        services.AddSingleton<IPernetSubsystem, CounterSubsystem>();
        Module(services);
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.NotEmpty(provider.GetRequiredService<HandlerTable>().Handlers);
        Assert.Equal(0, provider.GetRequiredService<NetRegistry>().Initial.Snapshot.Get<Counter>().Value);
    }

    private static void Module(ServiceCollection services) =>
        services.AddRtnetlink(options => options.MaxMessageType = (RtmType)255).AddSmallRtnlFrameworkTestsHandlers();
}
