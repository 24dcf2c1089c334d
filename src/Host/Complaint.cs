namespace SmallRtnl.Host;

/// <summary>What the tool has to say against a command: one line on standard error, whatever is in it.</summary>
internal static class Complaint
{
    /// <summary>Says it.</summary>
    /// <returns>The exit code, for the caller to hand on.</returns>
    public static int Say(string text, int exitCode = 1)
    {
        try
        {
            Console.Error.WriteLine($"rtnl: {Printable.Escape(text.Trim())}");
        }
        catch (IOException)
        {
            // There is nobody to say it to.
        }
        return exitCode;
    }

    /// <summary>What ended a command, in one line; with RTNL_TRACE set also where.</summary>
    public static int Say(Exception exception)
    {
        if (Environment.GetEnvironmentVariable("RTNL_TRACE") is { Length: > 0 })
            Console.Error.WriteLine(exception);
        return exception is OperationCanceledException ? Say("cancelled.", 130) : Say(exception.Message.ReplaceLineEndings(" "));
    }
}
