namespace SmallRtnl;

/// <summary>What a handler returns: success, an errno with an extack, or the wish to run again under its fallback lock.</summary>
/// <remarks>Two words, so that it is returned in registers and never written to memory in pieces, of which to read the whole again takes long.</remarks>
public readonly struct RtnlResult : IEquatable<RtnlResult>
{
    private const int AttributeShift = 16;
    private const ulong NeedsLockBit = 1UL << 32;
    private const ulong PendingBit = 1UL << 33;
    private const ulong FailureMask = NeedsLockBit | PendingBit | ushort.MaxValue;

    // The errno, 16 bits; the attribute, 16 bits; what else it may be.
    private readonly ulong _bits;

    private RtnlResult(ulong bits, string? message = null)
    {
        Message = message;
        _bits = bits;
    }

    /// <summary>Success.</summary>
    public static RtnlResult Ok => default;

    /// <summary>Drop what was staged and run the handler again from the start under its fallback lock.</summary>
    public static RtnlResult NeedsLock => new(NeedsLockBit);

    /// <summary>The error; none on success.</summary>
    public Errno Errno => (Errno)(ushort)_bits;

    /// <summary>The extack text.</summary>
    public string? Message { get; }

    /// <summary>The number of the offending attribute at the message's top level, whose offset the reply carries; 0: none.</summary>
    public int Attribute => (ushort)(_bits >> AttributeShift);

    /// <summary>Whether the handler asked for its fallback lock.</summary>
    public bool IsNeedsLock => (_bits & NeedsLockBit) != 0;

    /// <summary>Whether it is success.</summary>
    public bool IsOk => (_bits & FailureMask) == 0;

    /// <summary>What a thunk returns whose handler has not completed yet.</summary>
    internal static RtnlResult Pending => new(PendingBit);

    internal bool IsPending => (_bits & PendingBit) != 0;

    /// <summary>An error.</summary>
    /// <param name="errno">The errno that the kernel gives.</param>
    /// <param name="message">The extack text.</param>
    /// <param name="attribute">The offending top-level attribute's number.</param>
    public static RtnlResult Error(Errno errno, string? message = null, int attribute = 0) =>
        new((ushort)errno | ((ulong)(ushort)attribute << AttributeShift), message);

    /// <inheritdoc/>
    public bool Equals(RtnlResult other) => _bits == other._bits && Message == other.Message;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RtnlResult other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_bits, Message);

    /// <inheritdoc/>
    public override string ToString() => IsNeedsLock ? nameof(NeedsLock) : IsPending ? nameof(Pending) : IsOk ? "Ok" : $"{Errno}: {Message}";

    public static bool operator ==(RtnlResult left, RtnlResult right) => left.Equals(right);

    public static bool operator !=(RtnlResult left, RtnlResult right) => !left.Equals(right);
}
