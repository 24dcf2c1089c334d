namespace SmallRtnl;

/// <summary>
/// Makes a method the handler of a message that is not a dump. The generator emits its dispatch entry, parsing, lock
/// acquisition and assertions.
/// </summary>
/// <remarks>
/// The method is <c>RtnlResult M([in] DoItRequest&lt;T&gt; request)</c>, the same with a plan from the resolve method
/// behind it, or <c>ValueTask&lt;RtnlResult&gt; M(DoItRequest&lt;T&gt; request …)</c>. Where the message type is left out, the object
/// comes from <c>T</c> and the operation from the method's name or its prefix: New, Delete, Get, Set.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DoItAttribute : Attribute
{
    /// <summary>Infers the message type; the lock word is <see cref="RtnlLock.Rtnl"/> unless <see cref="Lock"/> says otherwise.</summary>
    public DoItAttribute()
    {
    }

    /// <summary>Names the message; the lock word is <see cref="RtnlLock.Rtnl"/> unless <see cref="Lock"/> says otherwise.</summary>
    public DoItAttribute(RtmType type) => Type = type;

    /// <summary>Names the lock word and infers the message type.</summary>
    public DoItAttribute(RtnlLock word) => Lock = word;

    /// <summary>The message type; 0 where it is inferred.</summary>
    public RtmType Type { get; }

    /// <summary>The lock word.</summary>
    public RtnlLock Lock { get; set; }

    /// <summary>With <see cref="RtnlLock.Unlocked"/>: the word under which the handler runs again after <see cref="RtnlResult.NeedsLock"/>.</summary>
    public RtnlLock Fallback { get; set; }

    /// <summary>The protocol family the handler serves; PF_UNSPEC serves every family that has no handler of its own.</summary>
    public ProtocolFamily Family { get; set; }

    /// <summary>The name of the resolve method, which runs before any lock is taken.</summary>
    public string? Resolve { get; set; }

    /// <summary>Accepts NLM_F_BULK on a DEL message.</summary>
    public bool Bulk { get; set; }

    /// <summary>What the sender must be allowed to do.</summary>
    public RtnlPrivilege Privilege { get; set; }
}
