namespace SmallRtnl;

/// <summary>Makes a method the dump handler of a GET message.</summary>
/// <remarks>
/// The method is <c>IEnumerable&lt;T&gt; M(DumpItRequest&lt;T&gt; request)</c>, or
/// <c>RtnlResult M(in DumpItRequest&lt;T&gt; request, ref DumpWriter&lt;T&gt; writer)</c>, called afresh for each chunk. The lock word is
/// taken for each chunk and never held across chunks.
/// </remarks>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DumpItAttribute : Attribute
{
    /// <summary>Infers the message type.</summary>
    public DumpItAttribute()
    {
    }

    /// <summary>Names the message.</summary>
    public DumpItAttribute(RtmType type) => Type = type;

    /// <summary>Names the lock word and infers the message type.</summary>
    public DumpItAttribute(RtnlLock word) => Lock = word;

    /// <summary>The message type, a GET; 0 where it is inferred.</summary>
    public RtmType Type { get; }

    /// <summary>The lock word under which each chunk is filled.</summary>
    public RtnlLock Lock { get; set; }

    /// <summary>The protocol family the handler serves.</summary>
    public ProtocolFamily Family { get; set; }

    /// <summary>NLMSG_DONE travels in a datagram of its own (RTNL_FLAG_DUMP_SPLIT_NLM_DONE), which some old clients need.</summary>
    public bool SplitDone { get; set; }

    /// <summary>What the sender must be allowed to do.</summary>
    public RtnlPrivilege Privilege { get; set; }
}
