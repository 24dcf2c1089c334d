namespace SmallRtnl.Generators;

/// <summary>The names of the pipelines' steps, shared with the tests, which assert that unrelated edits leave every step cached.</summary>
internal static class TrackingNames
{
    public const string DoIts = nameof(DoIts);
    public const string ValidDoIts = nameof(ValidDoIts);
    public const string CollectedDoIts = nameof(CollectedDoIts);
    public const string DumpIts = nameof(DumpIts);
    public const string ValidDumpIts = nameof(ValidDumpIts);
    public const string CollectedDumpIts = nameof(CollectedDumpIts);
    public const string Subsystems = nameof(Subsystems);
    public const string ValidSubsystems = nameof(ValidSubsystems);
    public const string CollectedSubsystems = nameof(CollectedSubsystems);
    public const string AssemblyName = nameof(AssemblyName);
    public const string HandlersAndAssembly = nameof(HandlersAndAssembly);
    public const string AllOfDispatch = nameof(AllOfDispatch);
    public const string HandlerPairs = nameof(HandlerPairs);
    public const string Module = nameof(Module);
    public const string HandlerClasses = nameof(HandlerClasses);
    public const string Audit = nameof(Audit);
    public const string BuildFindings = nameof(BuildFindings);
    public const string LockCalls = nameof(LockCalls);
    public const string Guards = nameof(Guards);
    public const string ValidGuards = nameof(ValidGuards);
    public const string CollectedGuards = nameof(CollectedGuards);
    public const string NamedGuards = nameof(NamedGuards);
    public const string Messages = nameof(Messages);
    public const string ValidMessages = nameof(ValidMessages);
    public const string CollectedMessages = nameof(CollectedMessages);
    public const string NamedMessages = nameof(NamedMessages);
    public const string Nests = nameof(Nests);
    public const string ValidNests = nameof(ValidNests);
    public const string CollectedNests = nameof(CollectedNests);
    public const string NamedNests = nameof(NamedNests);
    public const string GuardedTypes = nameof(GuardedTypes);
    public const string TypeGuards = nameof(TypeGuards);
    public const string AllGuards = nameof(AllGuards);

    /// <summary>Every name above.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. typeof(TrackingNames).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()),
    ];
}
