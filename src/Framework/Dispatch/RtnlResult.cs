namespace SmallRtnl;

/// <summary>What a handler returns: success, an errno with an extack, or the wish to run again under its fallback lock.</summary>
public readonly struct RtnlResult : IEquatable<RtnlResult>
{
    private RtnlResult(Errno errno, string? message, int attribute, bool needsLock)
    {
        Errno = errno;
        Message = message;
        Attribute = attribute;
        IsNeedsLock = needsLock;
    }

    /// <summary>Success.</summary>
    public static RtnlResult Ok => default;

    /// <summary>Drop what was staged and run the handler again from the start under its fallback lock.</summary>
    public static RtnlResult NeedsLock => new(Errno.None, null, 0, needsLock: true);

    /// <summary>The error; none on success.</summary>
    public Errno Errno { get; }

    /// <summary>The extack text.</summary>
    public string? Message { get; }

    /// <summary>The number of the offending attribute at the message's top level, whose offset the reply carries; 0: none.</summary>
    public int Attribute { get; }

    /// <summary>Whether the handler asked for its fallback lock.</summary>
    public bool IsNeedsLock { get; }

    /// <summary>Whether it is success.</summary>
    public bool IsOk => Errno == Errno.None && !IsNeedsLock;

    /// <summary>An error.</summary>
    /// <param name="errno">The errno that the kernel gives.</param>
    /// <param name="message">The extack text.</param>
    /// <param name="attribute">The offending top-level attribute's number.</param>
    public static RtnlResult Error(Errno errno, string? message = null, int attribute = 0) => new(errno, message, attribute, needsLock: false);

    /// <inheritdoc/>
    public bool Equals(RtnlResult other) =>
        Errno == other.Errno && Message == other.Message && Attribute == other.Attribute && IsNeedsLock == other.IsNeedsLock;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RtnlResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Errno, Message, Attribute, IsNeedsLock);

    /// <inheritdoc/>
    public override string ToString() => IsNeedsLock ? "NeedsLock" : IsOk ? "Ok" : $"{Errno}: {Message}";

    public static bool operator ==(RtnlResult left, RtnlResult right) => left.Equals(right);

    public static bool operator !=(RtnlResult left, RtnlResult right) => !left.Equals(right);
}
