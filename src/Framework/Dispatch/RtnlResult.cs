namespace SmallRtnl;

/// <summary>What a handler returns: success, an errno with an extack, or the wish to run again under its fallback lock.</summary>
/// <remarks>16 bytes, so that it is returned in registers.</remarks>
public readonly struct RtnlResult : IEquatable<RtnlResult>
{
    private readonly ushort _errno;
    private readonly ushort _attribute;
    private readonly State _state;

    private RtnlResult(Errno errno, string? message, int attribute, State state)
    {
        Message = message;
        _errno = (ushort)errno;
        _attribute = (ushort)attribute;
        _state = state;
    }

    private enum State : byte
    {
        Final,
        NeedsLock,
        Pending,
    }

    /// <summary>Success.</summary>
    public static RtnlResult Ok => default;

    /// <summary>Drop what was staged and run the handler again from the start under its fallback lock.</summary>
    public static RtnlResult NeedsLock => new(Errno.None, null, 0, State.NeedsLock);

    /// <summary>The error; none on success.</summary>
    public Errno Errno => (Errno)_errno;

    /// <summary>The extack text.</summary>
    public string? Message { get; }

    /// <summary>The number of the offending attribute at the message's top level, whose offset the reply carries; 0: none.</summary>
    public int Attribute => _attribute;

    /// <summary>Whether the handler asked for its fallback lock.</summary>
    public bool IsNeedsLock => _state == State.NeedsLock;

    /// <summary>Whether it is success.</summary>
    public bool IsOk => _errno == 0 && _state == State.Final;

    /// <summary>What a thunk returns whose handler has not completed yet.</summary>
    internal static RtnlResult Pending => new(Errno.None, null, 0, State.Pending);

    internal bool IsPending => _state == State.Pending;

    /// <summary>An error.</summary>
    /// <param name="errno">The errno that the kernel gives.</param>
    /// <param name="message">The extack text.</param>
    /// <param name="attribute">The offending top-level attribute's number.</param>
    public static RtnlResult Error(Errno errno, string? message = null, int attribute = 0) => new(errno, message, attribute, State.Final);

    /// <inheritdoc/>
    public bool Equals(RtnlResult other) =>
        Errno == other.Errno && Message == other.Message && Attribute == other.Attribute && _state == other._state;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RtnlResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Errno, Message, Attribute, _state);

    /// <inheritdoc/>
    public override string ToString() => _state != State.Final ? _state.ToString() : IsOk ? "Ok" : $"{Errno}: {Message}";

    public static bool operator ==(RtnlResult left, RtnlResult right) => left.Equals(right);

    public static bool operator !=(RtnlResult left, RtnlResult right) => !left.Equals(right);
}
