using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SmallRtnl.Host;

/// <summary>The host that every verb boots: rtnetlink with our own handlers.</summary>
internal static class RtnlHost
{
    public static IHost Build(RtnlMode mode, string? socketPath, LogLevel logLevel = LogLevel.Warning) => Build(new ServerOptions(mode), socketPath, logLevel);

    public static IHost Build(ServerOptions server, string? socketPath, LogLevel logLevel = LogLevel.Warning)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(logLevel);
        // Standard output belongs to the command that runs under us.
        builder.Logging.AddConsole(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.Configure<ConsoleLifetimeOptions>(static options => options.SuppressStatusMessages = true);
        builder.Services
            .AddRtnetlink(options =>
            {
                options.SocketPath = socketPath;
                server.Apply(options);
            })
            .AddSmallRtnlHandlers();
        return builder.Build();
    }
}
