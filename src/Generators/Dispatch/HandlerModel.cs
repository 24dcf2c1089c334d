namespace SmallRtnl.Generators;

/// <summary>The lock words, with the values of SmallRtnl.RtnlLock.</summary>
internal enum LockWord
{
    Rtnl = 0,
    PerNet = 1,
    Unlocked = 2,
}

/// <summary>The forms of a handler method.</summary>
internal enum HandlerForm
{
    /// <summary>RtnlResult M([in] DoItRequest&lt;T&gt; request …)</summary>
    DoIt,

    /// <summary>ValueTask&lt;RtnlResult&gt; M(DoItRequest&lt;T&gt; request …)</summary>
    AsyncDoIt,

    /// <summary>IEnumerable&lt;T&gt; M(DumpItRequest&lt;T&gt; request)</summary>
    EnumerableDump,

    /// <summary>RtnlResult M(in DumpItRequest&lt;T&gt; request, ref DumpWriter&lt;T&gt; writer)</summary>
    CursorDump,
}

/// <summary>A resolve method. Strings only, as every pipeline value here.</summary>
internal sealed record ResolveModel(string Method, bool IsStatic, bool HasNetSet, TypeModel Plan, bool PlanMayBeNull);

/// <summary>A user's type.</summary>
/// <param name="Full">The name from <c>global::</c>.</param>
/// <param name="Short">The name for people; null where the long one says more (generic, nested, a keyword).</param>
internal sealed record TypeModel(string Full, string? Short);

/// <summary>A handler method. Strings, numbers and enums only: a pipeline value that held a symbol would break caching.</summary>
/// <param name="Class">The type that declares it.</param>
/// <param name="Method">The method's name.</param>
/// <param name="IsStatic">Whether it is called without an instance.</param>
/// <param name="Form">The form of its signature.</param>
/// <param name="Message">The message that it takes.</param>
/// <param name="Type">The message type's number.</param>
/// <param name="TypeText">How generated text names the message type.</param>
/// <param name="Family">The family's number.</param>
/// <param name="FamilyText">How generated text names the family.</param>
/// <param name="Word">The lock word.</param>
/// <param name="Attribute">The attribute as canonical text, for the thunk's remarks.</param>
internal sealed record HandlerModel(
    TypeModel Class,
    string Method,
    bool IsStatic,
    HandlerForm Form,
    TypeModel Message,
    int Type,
    string TypeText,
    int Family,
    string FamilyText,
    LockWord Word,
    string Attribute)
{
    public LockWord? Fallback { get; init; }

    public ResolveModel? Resolve { get; init; }

    public bool Bulk { get; init; }

    public bool SplitDone { get; init; }

    /// <summary>The member of RtnlPrivilege, where it is not the default.</summary>
    public string? Privilege { get; init; }

    /// <summary>The class's short name, for people.</summary>
    public string ClassName { get; init; } = "";

    /// <summary>The class's name with its namespace, for a file's name.</summary>
    public string ClassPath { get; init; } = "";

    /// <summary>The method's name as part of another, and for people.</summary>
    public string MethodName => Identifiers.Bare(Method);

    /// <summary>The message type for people.</summary>
    public string TypeName => TypeText.Replace(KnownNames.Global, "").Replace("RtmType.", "");

    /// <summary>The family for people.</summary>
    public string FamilyName => FamilyText.Replace(KnownNames.Global, "").Replace("ProtocolFamily.", "");

    /// <summary>The thunk's name; unique in the module once <see cref="ModuleModel"/> has been made.</summary>
    public string Thunk { get; init; } = "";

    public bool IsDump => Form is HandlerForm.EnumerableDump or HandlerForm.CursorDump;
}

/// <summary>A [PernetSubsystem] class.</summary>
internal sealed record SubsystemModel(string Type, int Order);

/// <summary>A class with handlers: one generated file.</summary>
/// <param name="Module">The module class, of which the file is a part.</param>
/// <param name="Type">The class.</param>
/// <param name="Field">The name under which the module holds its instance.</param>
/// <param name="NeedsInstance">Whether any of its handlers is no static method.</param>
/// <param name="HintName">The file's name.</param>
/// <param name="Handlers">Its handlers, in order.</param>
internal sealed record HandlerClassModel(
    string Module,
    TypeModel Type,
    string Field,
    bool NeedsInstance,
    string HintName,
    EquatableArray<HandlerModel> Handlers);

/// <summary>An assembly's dispatch table.</summary>
/// <param name="Assembly">The assembly's name.</param>
/// <param name="Stem">X in AddXHandlers; the types' names come from the assembly's, of which there are no two.</param>
/// <param name="Classes">The classes with handlers, in ordinal order.</param>
/// <param name="Subsystems">The subsystems, in the order of initialisation.</param>
internal sealed record ModuleModel(
    string Assembly,
    string Stem,
    EquatableArray<HandlerClassModel> Classes,
    EquatableArray<SubsystemModel> Subsystems)
{
    public string Name => ModuleBuilder.NameOf(Assembly);
}
