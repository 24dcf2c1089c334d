using Microsoft.CodeAnalysis;

namespace SmallRtnl.Generators;

/// <summary>The named arguments of [NetlinkAttribute] that make its policy.</summary>
internal sealed class PolicyOptions(AttributeData binding)
{
    public bool HasMin { get; } = KnownNames.Argument(binding, "Min") is not null;

    public bool HasMax { get; } = KnownNames.Argument(binding, "Max") is not null;

    /// <summary>Null where it was not given or is no integer.</summary>
    public decimal? Min { get; } = Number(binding, "Min");

    /// <summary>Null where it was not given or is no integer.</summary>
    public decimal? Max { get; } = Number(binding, "Max");

    public ulong Mask { get; } = KnownNames.Argument(binding, "Mask") as ulong? ?? 0;

    public int MinLength { get; } = KnownNames.Argument(binding, "MinLength") as int? ?? 0;

    public int MaxLength { get; } = KnownNames.Argument(binding, "MaxLength") as int? ?? 0;

    public bool ExactLength { get; } = Is(binding, "ExactLength");

    public bool NulTerminated { get; } = Is(binding, "NulTerminated");

    public bool Binary { get; } = Is(binding, "Binary");

    public bool Unspecified { get; } = Is(binding, "Unspecified");

    public bool Nested { get; } = Is(binding, "Nested");

    public bool Reject { get; } = Is(binding, "Reject");

    public string? RejectMessage { get; } = KnownNames.Argument(binding, "RejectMessage") as string;

    public bool Required { get; } = Is(binding, "Required");

    public bool Repeated { get; } = Is(binding, "Repeated");

    public bool NestedArray { get; } = Is(binding, "NestedArray");

    public bool BigEndian { get; } = Is(binding, "BigEndian");

    public bool Unsigned { get; } = Is(binding, "Unsigned");

    public bool Variable { get; } = Is(binding, "Variable");

    public bool PlainNest { get; } = Is(binding, "PlainNest");

    public string? Selector { get; } = KnownNames.Argument(binding, "Selector") as string;

    public bool HasRange => HasMin || HasMax;

    public bool HasLength => MinLength != 0 || MaxLength != 0;

    private static bool Is(AttributeData binding, string name) => KnownNames.Argument(binding, name) is true;

    private static decimal? Number(AttributeData binding, string name) => KnownNames.Argument(binding, name) switch
    {
        byte value => value,
        sbyte value => value,
        ushort value => value,
        short value => value,
        uint value => value,
        int value => value,
        ulong value => value,
        long value => value,
        _ => null,
    };
}
