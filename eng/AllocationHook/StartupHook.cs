using System.Globalization;
using SmallRtnl.Profiling;

/// <summary>What the runtime calls before Main where DOTNET_STARTUP_HOOKS names this assembly; it must stand in no namespace.</summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("SMALLRTNL_ALLOCATIONS") is not { Length: > 0 } folder)
            return;
        var types = new AllocatedTypes();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
            File.WriteAllLines(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.allocations")), types.Report());
    }
}
