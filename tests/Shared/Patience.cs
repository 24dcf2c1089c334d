using System.Diagnostics;

namespace SmallRtnl.Tests;

/// <summary>Waits of tests: each has a limit, and says what it waited for.</summary>
internal static class Patience
{
    /// <summary>Far longer than anything here takes on a busy machine, far shorter than anybody's own patience.</summary>
    public static readonly TimeSpan Standard = TimeSpan.FromSeconds(60);

    /// <summary>Waits for a task.</summary>
    /// <exception cref="TimeoutException">It has not ended within the limit; the message says what was waited for.</exception>
    public static async Task WithinAsync(this Task task, string what, TimeSpan? limit = null)
    {
        if (await Task.WhenAny(task, Task.Delay(limit ?? Standard)) != task)
            throw Exceeded(what, limit);
        await task;
    }

    /// <inheritdoc cref="WithinAsync(Task, string, TimeSpan?)"/>
    public static async Task<T> WithinAsync<T>(this Task<T> task, string what, TimeSpan? limit = null)
    {
        await ((Task)task).WithinAsync(what, limit);
        return await task;
    }

    /// <inheritdoc cref="WithinAsync(Task, string, TimeSpan?)"/>
    public static async ValueTask WithinAsync(this ValueTask task, string what, TimeSpan? limit = null) => await task.AsTask().WithinAsync(what, limit);

    /// <summary>Waits for a thread.</summary>
    public static void JoinWithin(this Thread thread, string what, TimeSpan? limit = null)
    {
        if (!thread.Join(limit ?? Standard))
            throw Exceeded(what, limit);
    }

    /// <summary>Looks again and again until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo, string what, TimeSpan? limit = null)
    {
        long start = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(start) > (limit ?? Standard))
                throw Exceeded(what, limit);
            await Task.Delay(10);
        }
    }

    /// <summary>Waits for a process to end, and ends it and what it started where it does not.</summary>
    public static async Task ExitWithinAsync(this Process process, string what, TimeSpan? limit = null)
    {
        try
        {
            await process.WaitForExitAsync().WithinAsync(what, limit);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Runs a program to its end and keeps what it prints.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(ProcessStartInfo start, TimeSpan? limit = null)
    {
        string what = $"{start.FileName} {string.Join(' ', start.ArgumentList)} to end";
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.ExitWithinAsync(what, limit);
        // What it has left running may hold its streams open.
        return (process.ExitCode, await output.WithinAsync($"the end of the output of {what}"), await error.WithinAsync($"the end of the errors of {what}"));
    }

    /// <summary>
    /// A program that is to be sent signals, with all of them at their defaults: what the test's own parent ignores (nohup, a shell's background) would be
    /// ignored by its children as well, and the signal never arrive. The process that starts is the program's, through env(1).
    /// </summary>
    public static ProcessStartInfo WithDefaultSignals(string program, params IEnumerable<string> arguments) =>
        new("env", ["--default-signal", program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

    /// <summary>Sends a signal.</summary>
    /// <param name="process">To whom.</param>
    /// <param name="signal">Its name, without SIG.</param>
    public static async Task SignalAsync(this Process process, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.ExitWithinAsync($"kill -{signal} to end");
    }

    private static TimeoutException Exceeded(string what, TimeSpan? limit) => new($"Waited {(limit ?? Standard).TotalSeconds:0.#} s for {what}, in vain.");
}
