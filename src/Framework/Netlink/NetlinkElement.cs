using System.ComponentModel;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SmallRtnl;

/// <summary>How one element of a <see cref="NetlinkList{T}"/> is read and written. For generated code; one instance a type.</summary>
/// <typeparam name="T">The element.</typeparam>
[EditorBrowsable(EditorBrowsableState.Advanced)]
public abstract class NetlinkElement<T>
    where T : struct
{
    private protected NetlinkElement()
    {
    }

    /// <summary>Reads an element that the parser has judged already.</summary>
    internal abstract T Read(ReadOnlyMemory<byte> payload, ProtocolFamily family);

    /// <summary>Writes an element as an attribute.</summary>
    internal abstract void Write(ref NetlinkWriter writer, ushort type, in T value);
}

/// <summary>The kinds of elements. For generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Advanced)]
public static class NetlinkElement
{
    /// <summary>An integer in host byte order, an enum, or an unmanaged struct.</summary>
    public static NetlinkElement<T> Struct<T>()
        where T : unmanaged => StructElement<T>.Instance;

    /// <summary>An integer in network byte order.</summary>
    public static NetlinkElement<T> BigEndian<T>()
        where T : unmanaged, IBinaryInteger<T> => BigEndianElement<T>.Instance;

    /// <summary>A value that reads itself.</summary>
    public static NetlinkElement<T> Value<T>()
        where T : struct, INetlinkValue<T> => ValueElement<T>.Instance;

    /// <summary>A nest.</summary>
    public static NetlinkElement<T> Nest<T>()
        where T : struct, INetlinkNest<T> => NestElement<T>.Instance;

    private sealed class StructElement<T> : NetlinkElement<T>
        where T : unmanaged
    {
        public static readonly StructElement<T> Instance = new();

        internal override T Read(ReadOnlyMemory<byte> payload, ProtocolFamily family) =>
            payload.Length < Unsafe.SizeOf<T>() ? default : MemoryMarshal.Read<T>(payload.Span);

        internal override void Write(ref NetlinkWriter writer, ushort type, in T value) => writer.Put(type, value);
    }

    private sealed class BigEndianElement<T> : NetlinkElement<T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static readonly BigEndianElement<T> Instance = new();

        internal override T Read(ReadOnlyMemory<byte> payload, ProtocolFamily family) => payload.Length < Unsafe.SizeOf<T>()
            ? default
            : T.ReadBigEndian(payload.Span[..Unsafe.SizeOf<T>()], isUnsigned: !T.IsNegative(T.Zero - T.One));

        internal override void Write(ref NetlinkWriter writer, ushort type, in T value) => writer.PutBigEndian(type, value);
    }

    private sealed class ValueElement<T> : NetlinkElement<T>
        where T : struct, INetlinkValue<T>
    {
        public static readonly ValueElement<T> Instance = new();

        internal override T Read(ReadOnlyMemory<byte> payload, ProtocolFamily family)
        {
            T.TryRead(payload, family, out T value);
            return value;
        }

        internal override void Write(ref NetlinkWriter writer, ushort type, in T value) => value.Write(ref writer, type);
    }

    private sealed class NestElement<T> : NetlinkElement<T>
        where T : struct, INetlinkNest<T>
    {
        public static readonly NestElement<T> Instance = new();

        internal override T Read(ReadOnlyMemory<byte> payload, ProtocolFamily family)
        {
            // What a sender may not send was refused when the list was judged; what a server sent may stand there.
            T.TryParse(new NetlinkPayload(payload, 0, family, NetlinkValidation.Liberal) { IsReply = true }, NetlinkElements.Unheard, out T value);
            return value;
        }

        internal override void Write(ref NetlinkWriter writer, ushort type, in T value)
        {
            int start = writer.BeginNest(type);
            value.Write(ref writer);
            writer.EndNest(start);
        }
    }

    /// <summary>What a nest says that is read a second time was heard the first time.</summary>
    private static class NetlinkElements
    {
        [ThreadStatic]
        private static Extack? t_unheard;

        public static Extack Unheard
        {
            get
            {
                Extack extack = t_unheard ??= new Extack();
                extack.Reset();
                return extack;
            }
        }
    }
}
