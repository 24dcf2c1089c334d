namespace SmallRtnl;

/// <summary>
/// Marks an <see cref="IPernetSubsystem"/> so that the assembly's generated <c>Add…Handlers()</c> registers it.
/// </summary>
/// <param name="order">Subsystems are initialised in ascending order and torn down in descending order.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PernetSubsystemAttribute(int order = 0) : Attribute
{
    /// <summary>The place in the order of initialisation.</summary>
    public int Order { get; } = order;
}
