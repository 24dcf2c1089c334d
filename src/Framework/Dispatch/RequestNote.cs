using System.ComponentModel;

namespace SmallRtnl;

/// <summary>The note by which assertions without an argument find the request whose handler runs on this thread.</summary>
/// <remarks>Knows the thread: to look it up twice would cost more than all the rest of a note.</remarks>
[EditorBrowsable(EditorBrowsableState.Advanced)]
public readonly ref struct RequestNote
{
    private readonly ThreadNote _thread;
    private readonly RtnlContext? _previous;

    internal RequestNote(ThreadNote thread, RtnlContext owner)
    {
        _thread = thread;
        _previous = thread.Owner;
        thread.Owner = owner;
        if (Lockdep.IsEnabled)
            SnapshotGuard.TryEnter(owner);
    }

    /// <summary>Takes the note back, on the thread where it was left.</summary>
    public void Leave()
    {
        if (Lockdep.IsEnabled)
            SnapshotGuard.Leave();
        _thread.Owner = _previous;
    }
}
