namespace SmallRtnl;

/// <summary>
/// Says of a message's attribute that requests may carry it and that nothing comes of it, because nothing comes of it in the kernel. A test
/// finds the attributes that no handler reads and asks for this, or for a refusal.
/// </summary>
/// <param name="reason">What the kernel does instead.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IgnoredAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}
