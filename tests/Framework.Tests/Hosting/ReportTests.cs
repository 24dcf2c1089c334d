using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SmallRtnl.Tests.Hosting;

/// <summary>What the process-wide checkers report is heard: by the hosts' loggers, else on the standard error.</summary>
public sealed class ReportTests
{
    private const string Child = "SMALLRTNL_REPORT_CHILD";

    [Fact]
    public void A_hosts_logger_hears_a_report_until_the_host_is_disposed()
    {
        var log = new LogOf<RtnlReports>();
        var services = new ServiceCollection();
        services.AddSingleton<ILogger<RtnlReports>>(log);
        services.AddRtnetlink();
        using (ServiceProvider provider = services.BuildServiceProvider())
        {
            _ = provider.GetRequiredService<RtnlGate>();
            RtnlReports.Say("heard by the host");
        }
        RtnlReports.Say("heard by nobody's host");
        Assert.Equal("Error: heard by the host ", log.Text);
    }

    [Fact]
    public void A_logger_that_throws_hides_nothing()
    {
        using var host = new RtnlReports(new Broken());
        RtnlReports.Say("said all the same");
    }

    [Theory]
    [InlineData("SMALLRTNL_ASSERT", "must be held here")]
    [InlineData("SMALLRTNL_LOCKDEP", "possible circular locking dependency detected")]
    public async Task With_the_policy_log_a_report_is_on_the_standard_error_or_in_the_hosts_log(string checker, string text)
    {
        foreach (bool hasHost in new[] { false, true })
        {
            var start = new ProcessStartInfo("dotnet", [typeof(ReportTests).Assembly.Location, "-method", $"{typeof(ReportTests).FullName}.{nameof(Breaks_a_rule)}"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            start.Environment[checker] = "log";
            start.Environment[Child] = checker + (hasHost ? "+host" : "");
            using Process child = Process.Start(start)!;
            Task<string> errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.True(child.ExitCode == 0, output + await errors);
            Assert.Equal(!hasHost, (await errors).Contains(text, StringComparison.Ordinal));
            Assert.Equal(hasHost, output.Contains("in the host's log: ", StringComparison.Ordinal));
        }
    }

    /// <summary>What the child does; the policy is read once for a process.</summary>
    [Fact]
    public void Breaks_a_rule()
    {
        if (Environment.GetEnvironmentVariable(Child) is not { } what)
            return;
        var log = new LogOf<RtnlReports>();
        using RtnlReports? host = what.EndsWith("+host", StringComparison.Ordinal) ? new RtnlReports(log) : null;
        if (what.StartsWith("SMALLRTNL_ASSERT", StringComparison.Ordinal))
        {
            RtnlAssert.Held();
        }
        else
        {
            // The tests' own settings say throw.
            Lockdep.Policy = LockdepPolicy.Log;
            var a = new OneLock();
            var b = new OtherLock();
            using RtnlContext context = RtnlContext.Create();
            using (a.Lock(context))
            using (b.Lock(context))
                Assert.True(a.IsHeldBy(context));
            using (b.Lock(context))
            using (a.Lock(context))
                Assert.True(a.IsHeldBy(context));
        }
        if (host is not null && log.Text.Length > 0)
            Console.WriteLine("in the host's log: " + log.Text.Split('\n')[0]);
    }

    private sealed class OneLock() : LockClass("one");

    private sealed class OtherLock() : LockClass("other");

    private sealed class Broken : ILogger<RtnlReports>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            throw new InvalidOperationException("broken");
    }
}
