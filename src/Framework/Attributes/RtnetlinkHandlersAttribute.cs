namespace SmallRtnl;

/// <summary>
/// Names the registration that is generated for the assembly, where the name that follows from the assembly's own is taken (RTNL008): an app <c>Acme</c> and
/// its library <c>Acme.Handlers</c> would both get <c>AddAcmeHandlers()</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class RtnetlinkHandlersAttribute : Attribute
{
    /// <summary>X in <c>AddXHandlers()</c>, letters and digits; null: the assembly's name without dots and without a trailing "Handlers".</summary>
    public string? Name { get; set; }
}
