using Microsoft.Extensions.Logging;

namespace SmallRtnl;

/// <summary>
/// Where reports of the process-wide checkers go (assertions and lockdep under their policy Log, waits for oneself): the loggers of the hosts of this process;
/// where there is none that takes errors, the standard error.
/// </summary>
/// <remarks>Thread-safe. The checkers know no host: they belong to the process, and a report may come from code that belongs to none.</remarks>
internal sealed class RtnlReports : IDisposable
{
    private static RtnlReports[] s_hosts = [];

    [ThreadStatic]
    private static bool t_isReporting;

    private readonly ILogger _logger;

    /// <summary>A host's logger, until disposed.</summary>
    public RtnlReports(ILogger<RtnlReports> logger)
    {
        _logger = logger;
        Change(hosts => [.. hosts, this]);
    }

    /// <summary>Reports; never throws.</summary>
    public static void Say(string text, Exception? exception = null)
    {
        // A logger that breaks a rule itself says so on the standard error.
        bool isHeard = false;
        if (!t_isReporting)
        {
            t_isReporting = true;
            foreach (RtnlReports host in Volatile.Read(ref s_hosts))
                isHeard |= host.TryLog(text, exception);
            t_isReporting = false;
        }
        if (!isHeard)
            Console.Error.WriteLine(exception is null ? text : $"{text} {exception}");
    }

    /// <inheritdoc/>
    public void Dispose() => Change(hosts => [.. hosts.Where(host => host != this)]);

    private static void Change(Func<RtnlReports[], RtnlReports[]> change)
    {
        RtnlReports[] before;
        do
            before = Volatile.Read(ref s_hosts);
        while (Interlocked.CompareExchange(ref s_hosts, change(before), before) != before);
    }

    private bool TryLog(string text, Exception? exception)
    {
        try
        {
            if (!_logger.IsEnabled(LogLevel.Error))
                return false;
            _logger.LogError(exception, "{Report}", text);
            return true;
        }
        catch (Exception)
        {
            // What was to be said matters more than why it could not be logged.
            return false;
        }
    }
}
