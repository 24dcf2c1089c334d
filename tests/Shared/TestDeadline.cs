using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Xunit.v3;

[assembly: SmallRtnl.Tests.TestDeadline]

namespace SmallRtnl.Tests;

/// <summary>
/// The limit of every wait that has none of its own: a test that goes on for longer is named on standard error, and its process ends. A test runner that waits
/// for ever says nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TestDeadlineAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan s_ordinary = TimeSpan.FromMinutes(10), s_long = TimeSpan.FromHours(1), s_soak = TimeSpan.FromHours(4);
    private static readonly ConcurrentDictionary<string, (IXunitTest Test, long Start)> s_running = new();
    private static readonly Timer s_watch = new(static _ => Look(), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        GC.KeepAlive(s_watch);
        s_running[test.UniqueID] = (test, Stopwatch.GetTimestamp());
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test) => s_running.TryRemove(test.UniqueID, out _);

    private static void Look()
    {
        foreach ((IXunitTest test, long start) in s_running.Values)
        {
            bool Is(string category) => test.Traits.TryGetValue("Category", out IReadOnlyCollection<string>? categories) && categories.Contains(category);
            TimeSpan limit = Is("Soak") ? s_soak : Is("Long") ? s_long : s_ordinary;
            if (Stopwatch.GetElapsedTime(start) < limit)
                continue;
            string others = string.Join(", ", s_running.Values.Select(static running => running.Test.TestDisplayName).Where(name => name != test.TestDisplayName));
            Console.Error.WriteLine($"{test.TestDisplayName} has run for {limit.TotalMinutes:0} minutes without an end; with it ran: {(others.Length == 0 ? "nothing" : others)}.");
            Environment.Exit(124);
        }
    }
}
