using System.Runtime.InteropServices;

namespace SmallRtnl.Addresses;

/// <summary><c>struct ifa_cacheinfo</c>: lifetimes in seconds, stamps in hundredths of a second since the host began.</summary>
/// <param name="Preferred">Preferred lifetime; <see cref="Forever"/> for no end.</param>
/// <param name="Valid">Valid lifetime; <see cref="Forever"/> for no end.</param>
/// <param name="Created">When the address was made.</param>
/// <param name="Updated">When it was last changed.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct AddressCacheInfo(uint Preferred, uint Valid, uint Created, uint Updated)
{
    /// <summary>INFINITY_LIFE_TIME.</summary>
    public const uint Forever = uint.MaxValue;
}
