namespace SmallRtnl;

/// <summary>
/// A note on the thread of whose code runs, until disposed: what <see cref="RtnlContext.OnThisThread"/> gives. Lives on the stack, so it cannot
/// cross an await, behind which the thread may be another.
/// </summary>
public readonly ref struct RtnlNote
{
    private readonly RtnlContext? _context;
    private readonly RtnlContext? _previous;

    internal RtnlNote(RtnlContext context)
    {
        _context = context;
        _previous = context.Note();
    }

    /// <summary>Takes the note away again.</summary>
    public void Dispose()
    {
        if (_context is not null && ReferenceEquals(RtnlContext.Current, _context))
            RtnlContext.RestoreNote(RtnlContext.StillHolding(_previous));
    }
}
