using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SmallRtnl.Host;

/// <summary>The host that every verb boots: rtnetlink with our own handlers.</summary>
internal static class RtnlHost
{
    public static IHost Build(RtnlMode mode, string? socketPath, LogLevel logLevel = LogLevel.Warning) => Build(new ServerOptions(mode), socketPath, logLevel);

    /// <param name="server">How.</param>
    /// <param name="socketPath">Where it listens; null: nowhere.</param>
    /// <param name="logLevel">What is worth a line.</param>
    /// <param name="endsWithSignals">Whether SIGINT, SIGQUIT and SIGTERM stop the host, as they do a daemon.</param>
    public static IHost Build(ServerOptions server, string? socketPath, LogLevel logLevel = LogLevel.Warning, bool endsWithSignals = true)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(logLevel);
        // Standard output belongs to the command that runs under us.
        builder.Logging.AddConsole(static options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        // That a host does not start is said by the verb, in one line, instead of by the host in twenty.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        if (!endsWithSignals)
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
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

    /// <summary>Its owner starts and stops it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
