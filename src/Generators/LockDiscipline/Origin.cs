namespace SmallRtnl.Generators;

/// <summary>
/// Where a value comes from, as far as it can be followed: a letter, or a slot (receiver, parameter) of the function around it, filled in
/// when the function is reached. One character each, so that a function's are a string.
/// </summary>
internal static class Origin
{
    public const char Unknown = 'U';

    /// <summary>Of a namespace whose RTNL the request holds: its own, or one in its set.</summary>
    public const char Own = 'H';

    /// <summary>Of another namespace.</summary>
    public const char Foreign = 'F';

    /// <summary>Reachable by every request: a static, or an injected object.</summary>
    public const char Shared = 'S';

    /// <summary>Made here, and nobody else has it yet.</summary>
    public const char Fresh = 'N';

    private const char FirstSlot = (char)0x100;
    private const char FirstBehindSlot = (char)0x1000;

    public static char Slot(int index) => (char)(FirstSlot + index);

    /// <summary>What a member of a value holds: as shared as the value, but not as fresh.</summary>
    public static char Behind(char origin) => origin switch
    {
        >= FirstBehindSlot => origin,
        >= FirstSlot => (char)(origin - FirstSlot + FirstBehindSlot),
        Fresh => Unknown,
        _ => origin,
    };

    public static char Join(char left, char right) => left == right ? left : Unknown;

    public static char Resolve(char origin, string slots) => origin switch
    {
        >= FirstBehindSlot => origin - FirstBehindSlot < slots.Length ? Behind(slots[origin - FirstBehindSlot]) : Unknown,
        >= FirstSlot => origin - FirstSlot < slots.Length ? slots[origin - FirstSlot] : Unknown,
        _ => origin,
    };
}
