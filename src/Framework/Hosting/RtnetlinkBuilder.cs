using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace SmallRtnl;

/// <summary>What <see cref="RtnetlinkServiceCollectionExtensions.AddRtnetlink"/> returns; the generated <c>Add…Handlers()</c> extend it.</summary>
public sealed class RtnetlinkBuilder
{
    internal RtnetlinkBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }
}

/// <summary>Registration of a host's own parts.</summary>
public static class RtnetlinkBuilderExtensions
{
    /// <summary>
    /// Registers a subsystem with state in every namespace, in the order of these calls, once however often it is called. Its handlers may have it injected by its own type.
    /// </summary>
    public static RtnetlinkBuilder AddPernetSubsystem<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this RtnetlinkBuilder builder)
        where T : class, IPernetSubsystem
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<T>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IPernetSubsystem, T>(static provider => provider.GetRequiredService<T>()));
        return builder;
    }

    /// <summary>Registers an assembly's handler module, once however often it is called. For generated code.</summary>
    public static RtnetlinkBuilder AddHandlerModule<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this RtnetlinkBuilder builder)
        where T : class, IHandlerModule
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHandlerModule, T>());
        return builder;
    }
}
