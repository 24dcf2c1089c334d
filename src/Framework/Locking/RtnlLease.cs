using System.Diagnostics.CodeAnalysis;

namespace SmallRtnl;

/// <summary>
/// A lock held by a context until disposed. Lives on the stack, so it cannot cross an await or leave its scope; until then assertions
/// without an argument find its owner on this thread. A copy that outlives the release is refused by its version.
/// </summary>
public ref struct RtnlLease
{
    // The thread's own, found once: the lease does not leave the thread.
    private readonly ThreadNote? _note;
    private readonly RtnlContext? _previous;
    private readonly uint _version;
    private RtnlContext? _context;

    internal RtnlLease(RtnlContext context)
    {
        _context = context;
        _version = context.LeaseVersion;
        if (RtnlAssert.Policy == RtnlAssertPolicy.Off)
            return;
        _note = ThreadNote.Here;
        _previous = _note.Owner;
        _note.Owner = context;
        context.IsNotedByLease = true;
    }

    /// <summary>The lease of an attempt: none where it failed.</summary>
    internal static bool Of(bool isHeld, RtnlContext context, out RtnlLease lease)
    {
        lease = isHeld ? new RtnlLease(context) : default;
        return isHeld;
    }

    /// <summary>Releases everything the lease stands for.</summary>
    /// <exception cref="InvalidOperationException">A copy of it was disposed before.</exception>
    public void Dispose()
    {
        RtnlContext? context = _context;
        _context = null;
        if (context is null)
            return;
        if (context.LeaseVersion != _version)
        {
            // The end of its owner has released and reported it.
            if (context.IsEnded)
                return;
            AsyncRtnlLease.ThrowDisposed();
        }
        if (RtnlAssert.Policy != RtnlAssertPolicy.Off)
        {
            if (ReferenceEquals(_note!.Owner, context))
                _note.Owner = RtnlContext.StillHolding(_previous);
            context.IsNotedByLease = false;
        }
        context.ReleaseLocks();
    }
}

/// <summary>A lock held by a context across awaits. A second dispose is refused by its version.</summary>
public readonly struct AsyncRtnlLease : IDisposable
{
    private readonly RtnlContext? _context;
    private readonly uint _version;

    internal AsyncRtnlLease(RtnlContext context)
    {
        _context = context;
        _version = context.LeaseVersion;
    }

    /// <summary>Releases everything the lease stands for.</summary>
    /// <exception cref="InvalidOperationException">It was disposed before.</exception>
    public void Dispose()
    {
        if (_context is null)
            return;
        if (_context.LeaseVersion != _version)
            ThrowDisposed();
        _context.ReleaseLocks();
    }

    [DoesNotReturn]
    internal static void ThrowDisposed() => throw new InvalidOperationException("The lease has been disposed already.");

    internal static ValueTask<AsyncRtnlLease> AfterAsync(ValueTask acquiring, RtnlContext context)
    {
        if (!acquiring.IsCompletedSuccessfully)
            return Awaited(acquiring, context);
        acquiring.GetAwaiter().GetResult();
        return new ValueTask<AsyncRtnlLease>(new AsyncRtnlLease(context));

        static async ValueTask<AsyncRtnlLease> Awaited(ValueTask acquiring, RtnlContext context)
        {
            await acquiring.ConfigureAwait(false);
            return new AsyncRtnlLease(context);
        }
    }
}
