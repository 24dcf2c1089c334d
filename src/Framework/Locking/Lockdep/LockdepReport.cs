namespace SmallRtnl;

/// <summary>What a report is about.</summary>
public enum LockdepReportKind
{
    /// <summary>Two classes, or a ring of them, are taken in both orders.</summary>
    Circular = 0,

    /// <summary>The lock is held already by the flow that asks for it.</summary>
    SelfDeadlock = 1,

    /// <summary>A second lock of a class that declares no order among its locks.</summary>
    Recursion = 2,

    /// <summary>A second lock of a class, against the order that the class declares.</summary>
    InstanceOrder = 3,

    /// <summary>A lock is waited for inside a snapshot section.</summary>
    LockInSnapshot = 4,

    /// <summary>A lock was held when the handler returned, or when its owner was disposed.</summary>
    Leak = 5,

    /// <summary>A wait for work that needs a lock which the waiter holds.</summary>
    WaitForOwnWork = 6,

    /// <summary>A second lock word, where the handler runs under exactly what its attribute names.</summary>
    NestedWord = 7,

    /// <summary>An owner holds more locks than <see cref="Lockdep.MaxDepth"/>. Checking goes on.</summary>
    DepthLimit = 8,

    /// <summary>A table is full: what is new from now on is checked, but not remembered.</summary>
    TableLimit = 9,

    /// <summary>A thread blocked, or something was awaited, inside a snapshot section.</summary>
    BlockInSnapshot = 10,
}

/// <summary>Where a lock was asked for.</summary>
/// <param name="Lock">The lock's class.</param>
/// <param name="Member">The member that asked.</param>
/// <param name="File">Its source file, where known.</param>
/// <param name="Line">The line, where known.</param>
public readonly record struct LockdepSite(string Lock, string? Member, string? File, int Line)
{
    /// <inheritdoc/>
    public override string ToString() => (Member, File) switch
    {
        (null, _) => "an unknown place",
        (_, null) => Member,
        _ => $"{Member}() in {File}:line {Line}",
    };
}

/// <summary>A finding of lockdep.</summary>
public sealed class LockdepReport
{
    internal LockdepReport(LockdepReportKind kind, string text, IReadOnlyList<LockdepSite> sites, bool isFirst)
    {
        Kind = kind;
        Text = text;
        Sites = sites;
        IsFirst = isFirst;
    }

    /// <summary>What it is about.</summary>
    public LockdepReportKind Kind { get; }

    /// <summary>The whole of it, laid out as people know it from the kernel's.</summary>
    public string Text { get; }

    /// <summary>The acquisitions that contradict each other: the one that was refused, then the one that it collides with, then the rest of the chain.</summary>
    public IReadOnlyList<LockdepSite> Sites { get; }

    internal bool IsFirst { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A finding of lockdep, thrown at the acquisition it is about.</summary>
public sealed class LockdepException : Exception
{
    public LockdepException()
    {
    }

    public LockdepException(string message)
        : base(message)
    {
    }

    public LockdepException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal LockdepException(LockdepReport report)
        : base(Environment.NewLine + report.Text) => Report = report;

    /// <summary>The finding.</summary>
    public LockdepReport? Report { get; }
}
