namespace SmallRtnl.Generators;

/// <summary>The names of the pipelines' steps, shared with the tests, which assert that unrelated edits leave every step cached.</summary>
internal static class TrackingNames
{
    public const string HandlerDeclarations = nameof(HandlerDeclarations);
    public const string Handlers = nameof(Handlers);
    public const string SubsystemDeclarations = nameof(SubsystemDeclarations);
    public const string Subsystems = nameof(Subsystems);
    public const string RegistrationDeclarations = nameof(RegistrationDeclarations);
    public const string Registrations = nameof(Registrations);
    public const string ChosenName = nameof(ChosenName);
    public const string AssemblyName = nameof(AssemblyName);
    public const string HandlersAndAssembly = nameof(HandlersAndAssembly);
    public const string AllOfDispatch = nameof(AllOfDispatch);
    public const string Module = nameof(Module);
    public const string HandlerClasses = nameof(HandlerClasses);
    public const string Audit = nameof(Audit);
    public const string IsBuild = nameof(IsBuild);
    public const string BuildFindings = nameof(BuildFindings);
    public const string LockCalls = nameof(LockCalls);
    public const string Guards = nameof(Guards);
    public const string ValidGuards = nameof(ValidGuards);
    public const string CollectedGuards = nameof(CollectedGuards);
    public const string NamedGuards = nameof(NamedGuards);
    public const string MessageDeclarations = nameof(MessageDeclarations);
    public const string Messages = nameof(Messages);
    public const string NamedMessages = nameof(NamedMessages);
    public const string NestDeclarations = nameof(NestDeclarations);
    public const string Nests = nameof(Nests);
    public const string NamedNests = nameof(NamedNests);
    public const string GuardedTypes = nameof(GuardedTypes);
    public const string TypeGuards = nameof(TypeGuards);
    public const string AllGuards = nameof(AllGuards);

    /// <summary>Whether a step's values stand for a compilation: models are read of them, and compared.</summary>
    public static bool IsInput(string step) => step.EndsWith("Declarations", StringComparison.Ordinal);

    /// <summary>Every name above.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        .. typeof(TrackingNames).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()),
    ];
}
