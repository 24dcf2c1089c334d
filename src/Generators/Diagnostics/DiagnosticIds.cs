namespace SmallRtnl.Generators;

/// <summary>Every id with the sentence it says. Ids are never used again for something else.</summary>
internal static class DiagnosticIds
{
    public const string RTNL001TwoHandlersForOneMessage = "RTNL001";
    public const string RTNL002SignatureCannotBeCalled = "RTNL002";
    public const string RTNL003DumpOfWhatIsNoGet = "RTNL003";
    public const string RTNL004MessageTypeCannotBeInferred = "RTNL004";
    public const string RTNL005ResolveNamesNoSuitableMethod = "RTNL005";
    public const string RTNL006NotAccessibleToGeneratedCode = "RTNL006";
    public const string RTNL007GivenTwiceAndDifferently = "RTNL007";
    public const string RTNL008TwoRegistrationsOfOneName = "RTNL008";
    public const string RTNL009LanguageVersionTooLow = "RTNL009";
    public const string RTNL010GeneratorFailed = "RTNL010";

    public const string RTNL101GuardedStateUnderAWeakerLock = "RTNL101";
    public const string RTNL102CalledWithoutTheLock = "RTNL102";
    public const string RTNL103UnlockedWrites = "RTNL103";
    public const string RTNL104AcquiredAgain = "RTNL104";
    public const string RTNL105AnotherNamespace = "RTNL105";
    public const string RTNL106WaitsUnderRtnl = "RTNL106";
    public const string RTNL107LockByANamespaceProperty = "RTNL107";
    public const string RTNL108NoLockClass = "RTNL108";
    public const string RTNL109ReachedWithTheLockHeld = "RTNL109";
    public const string RTNL110AWeakerLockWouldDo = "RTNL110";
    public const string RTNL111WhatBlocksAWeakerLock = "RTNL111";
    public const string RTNL112EscapeWithoutReason = "RTNL112";
    public const string RTNL113VerdictUnknown = "RTNL113";

    public const string RTNL201AttributeNumberUsedTwice = "RTNL201";
    public const string RTNL202UnsupportedPropertyType = "RTNL202";
    public const string RTNL203BadRange = "RTNL203";
    public const string RTNL204BadHeader = "RTNL204";
    public const string RTNL205NotReadonlyPartialRecordStruct = "RTNL205";
    public const string RTNL206NotANewType = "RTNL206";
    public const string RTNL207BadSubMessage = "RTNL207";
    public const string RTNL208NestedCycle = "RTNL208";

    /// <summary>The page that explains an id.</summary>
    public static string HelpLink(string id) => $"https://github.com/smallrtnl/smallrtnl/blob/main/docs/{id}.md";
}
