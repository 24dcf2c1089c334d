using System.Diagnostics;

namespace SmallRtnl.Conversion.Tests;

/// <summary>The handlers' behaviour suite, run as a program against a rebuilt handler assembly.</summary>
internal static class BehaviourSuite
{
    // The suite takes a few seconds; what takes this long waits for a lock that nobody releases.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs the suite, assertions and the checker of lock order on.</summary>
    /// <param name="assembly">The image that takes the place of SmallRtnl.Handlers.dll.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>The exit code, -1 where it hung, and what it printed.</returns>
    public static async Task<(int ExitCode, string Log)> RunAsync(byte[] assembly, CancellationToken cancellation)
    {
        DirectoryInfo directory = Directory.CreateTempSubdirectory("rtnl-conversion-");
        try
        {
            foreach (string file in Directory.EnumerateFiles(HandlerAssembly.SuiteDirectory))
                File.CreateSymbolicLink(Path.Combine(directory.FullName, Path.GetFileName(file)), file);
            // The host finds an assembly's dependencies beside the real file, so what decides must be here in person.
            foreach (string name in (string[])["SmallRtnl.Handlers.Tests.dll", "SmallRtnl.Handlers.Tests.deps.json", "SmallRtnl.Handlers.Tests.runtimeconfig.json"])
            {
                string path = Path.Combine(directory.FullName, name);
                File.Delete(path);
                File.Copy(Path.Combine(HandlerAssembly.SuiteDirectory, name), path);
            }
            string handlers = Path.Combine(directory.FullName, "SmallRtnl.Handlers.dll");
            File.Delete(handlers);
            await File.WriteAllBytesAsync(handlers, assembly, cancellation);

            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["SMALLRTNL_ASSERT"] = "Throw";
            start.Environment["SMALLRTNL_LOCKDEP"] = "on";
            foreach (string argument in (string[])[Path.Combine(directory.FullName, "SmallRtnl.Handlers.Tests.dll"), "-noColor", "-trait-", "Category=Long", "-trait-", "Category=Fuzz"])
                start.ArgumentList.Add(argument);
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync(cancellation); // ends: with the process
            Task<string> log = process.StandardOutput.ReadToEndAsync(cancellation); // ends: with the process
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(s_patience);
            bool hung = false;
            try
            {
                await process.WaitForExitAsync(patience.Token); // ends: after s_patience
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancellation.ThrowIfCancellationRequested();
                hung = true;
            }
            return (hung ? -1 : process.ExitCode, await log.WithinAsync("the end of the suite's output") + await errors.WithinAsync("the end of the suite's errors"));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
