using System.ComponentModel;

namespace SmallRtnl;

/// <summary>The note by which assertions without an argument find the request whose handler runs on this thread.</summary>
/// <remarks>Knows the thread's own place: to look it up twice would cost more than all the rest of a note.</remarks>
[EditorBrowsable(EditorBrowsableState.Advanced)]
public readonly ref struct RequestNote
{
    private readonly ref RtnlContext? _place;
    private readonly RtnlContext? _previous;

    internal RequestNote(ref RtnlContext? place, RtnlContext owner)
    {
        _place = ref place;
        _previous = place;
        place = owner;
        if (Lockdep.IsEnabled)
            SnapshotGuard.TryEnter(owner);
    }

    /// <summary>Takes the note back, on the thread where it was left.</summary>
    public void Leave()
    {
        if (Lockdep.IsEnabled)
            SnapshotGuard.Leave();
        _place = _previous;
    }
}
