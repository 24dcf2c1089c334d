using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// What an error or ACK says beside its errno (<c>struct netlink_ext_ack</c>): a text, and the offset of the offending attribute.
/// The first message wins. One a request, reused; not thread-safe.
/// </summary>
public sealed class Extack
{
    /// <summary>The text, NLMSGERR_ATTR_MSG.</summary>
    public string? Message { get; private set; }

    /// <summary>The offending attribute's offset from the request's nlmsghdr, NLMSGERR_ATTR_OFFS; 0: none.</summary>
    public int Offset { get; private set; }

    /// <summary>The attribute that was missing, NLMSGERR_ATTR_MISS_TYPE; -1: none.</summary>
    public int MissingType { get; private set; } = -1;

    /// <summary>The nest in which it was missing, NLMSGERR_ATTR_MISS_NEST; 0: the message itself.</summary>
    public int MissingNestOffset { get; private set; }

    /// <summary>What the policy asked of the offending attribute, NLMSGERR_ATTR_POLICY.</summary>
    public AttributePolicy Policy { get; private set; }

    /// <summary>The error that the parser found; none where only a handler spoke.</summary>
    public Errno Errno { get; private set; }

    /// <summary>Whether anything has been noted.</summary>
    internal bool IsUsed { get; private set; }

    /// <summary>Notes a failure found while parsing.</summary>
    /// <returns>Always false, so that a parser can return it.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool Fail(Errno errno, string? message = null, int offset = 0) => FailPolicy(errno, message, offset, default);

    /// <summary>Notes a failure found while parsing, and what was asked of the attribute.</summary>
    /// <returns>Always false, so that a parser can return it.</returns>
    public bool FailPolicy(Errno errno, string? message, int offset, in AttributePolicy policy)
    {
        IsUsed = true;
        if (Errno == Errno.None)
        {
            Errno = errno;
            Message ??= message;
            Policy = policy;
            if (Offset == 0)
                Offset = offset;
        }
        return false;
    }

    /// <summary>Notes a text and an offset without a failure; on success they travel with the ACK as a warning.</summary>
    public void Say(string message, int offset = 0)
    {
        IsUsed = true;
        Message = message;
        if (offset != 0)
            Offset = offset;
    }

    /// <summary>Notes that an attribute was missing.</summary>
    public void Missing(ushort type, int nestOffset = 0)
    {
        IsUsed = true;
        MissingType = type;
        MissingNestOffset = nestOffset;
    }

    /// <summary>What could not be read does not matter: the text stays, as a warning.</summary>
    internal void Tolerate()
    {
        Errno = Errno.None;
        Offset = 0;
        Policy = default;
    }

    /// <summary>The errno stays, and nothing else is said.</summary>
    internal void Silence()
    {
        Message = null;
        Offset = 0;
        Policy = default;
    }

    internal void Reset()
    {
        IsUsed = false;
        Message = null;
        Offset = 0;
        MissingType = -1;
        MissingNestOffset = 0;
        Errno = Errno.None;
        Policy = default;
    }
}
