namespace SmallRtnl;

/// <summary>
/// What a thread knows by itself: the owner whose handler it runs, and a context that waits for its next request. One object a thread, so that a
/// request looks it up once and its note is a field like any other.
/// </summary>
internal sealed class ThreadNote
{
    [ThreadStatic]
    private static ThreadNote? t_here;

    /// <summary>This thread's.</summary>
    public static ThreadNote Here => t_here ?? (t_here = new ThreadNote());

    // Fields, since they are all there is to it.
    /// <summary>By whom assertions without an argument answer.</summary>
    public RtnlContext? Owner;

    /// <summary>Serves the thread's requests one after another, whichever dispatcher they are for.</summary>
    public RequestContext? Context;
}
