using System.Runtime.InteropServices;

namespace SmallRtnl.Generators.Tests.Declarations;

public enum Colour : ushort
{
    Red = 1,
    Green = 2,
    Blue = 3,
}

[StructLayout(LayoutKind.Sequential)]
public readonly record struct ThingHeader(ProtocolFamily Family, byte Kind, ushort Flags, uint Index);

[StructLayout(LayoutKind.Sequential)]
public readonly record struct Range32(uint Low, uint High);

[NetlinkNest]
public readonly partial record struct InnerNest
{
    [NetlinkAttribute(1)]
    public uint? Number { get; init; }

    [NetlinkAttribute(2, Max = 10)]
    public byte? Small { get; init; }
}

[NetlinkNest]
public readonly partial record struct OuterNest
{
    [NetlinkAttribute(1)]
    public InnerNest? Inner { get; init; }

    [NetlinkAttribute(2)]
    public NetlinkString? Text { get; init; }
}

/// <summary>A message with an attribute of every kind and every policy.</summary>
[NetlinkMessage((RtmType)200, Header = typeof(ThingHeader))]
public readonly partial record struct ThingMessage
{
    public const ushort THING_BYTE = 1;

    [NetlinkAttribute(THING_BYTE)]
    public byte? Byte { get; init; }

    [NetlinkAttribute(2)]
    public sbyte? SByte { get; init; }

    [NetlinkAttribute(3)]
    public ushort? UInt16 { get; init; }

    [NetlinkAttribute(4)]
    public short? Int16 { get; init; }

    [NetlinkAttribute(5)]
    public uint? UInt32 { get; init; }

    [NetlinkAttribute(6)]
    public int? Int32 { get; init; }

    [NetlinkAttribute(7)]
    public ulong? UInt64 { get; init; }

    [NetlinkAttribute(8)]
    public long? Int64 { get; init; }

    [NetlinkAttribute(9)]
    public Colour? Colour { get; init; }

    [NetlinkAttribute(10)]
    public bool Flag { get; init; }

    [NetlinkAttribute(11)]
    public InterfaceName? Name { get; init; }

    [NetlinkAttribute(12)]
    public InetAddress? Address { get; init; }

    [NetlinkAttribute(13)]
    public Range32? Range { get; init; }

    [NetlinkAttribute(14)]
    public OuterNest? Nest { get; init; }

    [NetlinkAttribute(15, PlainNest = true)]
    public InnerNest? Plain { get; init; }

    [NetlinkAttribute(16, BigEndian = true)]
    public ushort? Port { get; init; }

    [NetlinkAttribute(17, BigEndian = true)]
    public Colour? BigColour { get; init; }

    [NetlinkAttribute(18, BigEndian = true)]
    public int? BigSigned { get; init; }

    [NetlinkAttribute(19, Min = 5, Max = 9)]
    public uint? Bounded { get; init; }

    [NetlinkAttribute(20, Min = -5, Max = 5)]
    public long? BoundedSigned { get; init; }

    [NetlinkAttribute(21, Max = long.MaxValue)]
    public ulong? BoundedLarge { get; init; }

    [NetlinkAttribute(22, MinLength = 2, MaxLength = 6)]
    public NetlinkBytes? Blob { get; init; }

    [NetlinkAttribute(23, Reject = true)]
    public uint? Rejected { get; init; }

    [NetlinkAttribute(24)]
    public HardwareAddress? Hardware { get; init; }

    [NetlinkAttribute(25, Min = 2, Max = 3)]
    public Colour? BoundedColour { get; init; }

    [NetlinkAttribute(0x3fff)]
    public uint? @event { get; init; }

    [NetlinkAttribute(26)]
    public uint? Message { get; init; }
}
