using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The rules of the lock discipline. All are found once the whole compilation is known.</summary>
internal static class LockDescriptors
{
    public static readonly DiagnosticDescriptor GuardedStateUnderAWeakerLock = Rule(
        DiagnosticIds.RTNL101GuardedStateUnderAWeakerLock,
        "Guarded state is touched under a weaker lock than it names",
        "'{0}' is guarded by {1}, but {2} is held here: {3}");

    public static readonly DiagnosticDescriptor CalledWithoutTheLock = Rule(
        DiagnosticIds.RTNL102CalledWithoutTheLock,
        "A member is called without the lock that it requires",
        "'{0}' requires {1}, but {2} is held here: {3}");

    public static readonly DiagnosticDescriptor UnlockedWrites = Rule(
        DiagnosticIds.RTNL103UnlockedWrites,
        "An Unlocked handler writes",
        "An Unlocked handler {0}: {3}");

    public static readonly DiagnosticDescriptor AcquiredAgain = Rule(
        DiagnosticIds.RTNL104AcquiredAgain,
        "A lock is taken where it, a stronger one or a later one is held",
        "{0} is taken here, but {1}: {3}");

    public static readonly DiagnosticDescriptor OrderCycle = Rule(
        DiagnosticIds.RTNL104AcquiredAgain,
        "The declared lock order has a cycle",
        "The declared lock order has a cycle: {0}");

    public static readonly DiagnosticDescriptor AnotherNamespace = Rule(
        DiagnosticIds.RTNL105AnotherNamespace,
        "Another namespace's state is reached under PerNet",
        "'{0}' is reached in another namespace than those that the request holds; name it in the resolve method's NetSet, or post the work there: {3}",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor WaitsUnderRtnl = Rule(
        DiagnosticIds.RTNL106WaitsUnderRtnl,
        "Waits, or leaves its owner, with a lock held",
        "{0} with {1} held: {3}",
        DiagnosticSeverity.Warning);

    public static readonly DiagnosticDescriptor LockByANamespaceProperty = Rule(
        DiagnosticIds.RTNL107LockByANamespaceProperty,
        "A lock is asked for through an object's namespace property",
        "'{0}' may have moved by the time the lock is there; take it by LockNetOf, which looks again");

    public static readonly DiagnosticDescriptor NoLockClass = Rule(
        DiagnosticIds.RTNL108NoLockClass,
        "An event has no declared lock class",
        "'{0}' does not say under which lock it is raised; mark it with [LockClass(PerNet)] or [LockClass(Rtnl)]");

    public static readonly DiagnosticDescriptor ReachedWithTheLockHeld = Rule(
        DiagnosticIds.RTNL109ReachedWithTheLockHeld,
        "A member that excludes a lock is reached with it held",
        "'{0}' must run without {1}, but {2} is held here: {3}");

    public static readonly DiagnosticDescriptor AWeakerLockWouldDo = Rule(
        DiagnosticIds.RTNL110AWeakerLockWouldDo,
        "A weaker lock would do",
        "'{0}' would be correct with {1}",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor WhatBlocksAWeakerLock = Rule(
        DiagnosticIds.RTNL111WhatBlocksAWeakerLock,
        "What keeps a handler from a weaker lock",
        "'{0}' cannot do with {1}: {2}",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor EscapeWithoutReason = Rule(
        DiagnosticIds.RTNL112EscapeWithoutReason,
        "An escape without a reason, or no longer needed",
        "The escape on '{0}' {1}");

    public static readonly DiagnosticDescriptor VerdictUnknown = Rule(
        DiagnosticIds.RTNL113VerdictUnknown,
        "Whether a handler's lock suffices is unknown",
        "Whether {1} suffices for '{0}' is unknown: {2}; {3}",
        DiagnosticSeverity.Info);

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        GuardedStateUnderAWeakerLock,
        CalledWithoutTheLock,
        UnlockedWrites,
        AcquiredAgain,
        OrderCycle,
        AnotherNamespace,
        WaitsUnderRtnl,
        LockByANamespaceProperty,
        NoLockClass,
        ReachedWithTheLockHeld,
        AWeakerLockWouldDo,
        WhatBlocksAWeakerLock,
        EscapeWithoutReason,
        VerdictUnknown,
    ];

    /// <summary>The rule that a finding breaks.</summary>
    public static DiagnosticDescriptor Of(string id) => All.First(descriptor => descriptor.Id == id);

    private static DiagnosticDescriptor Rule(string id, string title, string message, DiagnosticSeverity severity = DiagnosticSeverity.Error) => new(
        id: id,
        title: title,
        messageFormat: message,
        category: "SmallRtnl.Locking",
        defaultSeverity: severity,
        isEnabledByDefault: true,
        helpLinkUri: DiagnosticIds.HelpLink(id),
        customTags: WellKnownDiagnosticTags.CompilationEnd);
}
