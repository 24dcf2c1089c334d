namespace SmallRtnl.Host;

/// <summary>What becomes of a program that the shim cannot serve: run as it is, it would reach the machine's own kernel.</summary>
internal enum UnservedPolicy
{
    /// <summary>It runs, and nothing is said.</summary>
    Allow,

    /// <summary>It runs, and one line on standard error says so before.</summary>
    Warn,

    /// <summary>It does not run.</summary>
    Refuse,
}
