using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>
/// The values of an attribute that may repeat, or of a nested array. From a request it is a lazy reader over the request's buffer, which
/// allocates nothing and is valid until the request completes; for a message that is written it is made of values:
/// <c>[first, second]</c> or <c>NetlinkList.Create</c>.
/// </summary>
/// <typeparam name="T">An integer, an enum, an unmanaged struct, a value or a nest.</typeparam>
[CollectionBuilder(typeof(NetlinkList), nameof(NetlinkList.Create))]
public readonly struct NetlinkList<T> : IEquatable<NetlinkList<T>>
    where T : struct
{
    private readonly ReadOnlyMemory<byte> _attributes;
    private readonly object? _source;
    private readonly int _number;
    private readonly ProtocolFamily _family;

    internal NetlinkList(T[] values)
    {
        _source = values;
        Count = values.Length;
    }

    internal NetlinkList(ReadOnlyMemory<byte> attributes, int number, int count, ProtocolFamily family, NetlinkElement<T> element)
    {
        _attributes = attributes;
        _number = number;
        _family = family;
        _source = element;
        Count = count;
    }

    /// <summary>How many values there are.</summary>
    public int Count { get; }

    /// <summary>Walks the values in the order in which they were sent. O(attributes of the message), not O(<see cref="Count"/>).</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>Copies the values; allocates.</summary>
    public T[] ToArray()
    {
        var values = new T[Count];
        int i = 0;
        foreach (T value in this)
            values[i++] = value;
        return values;
    }

    /// <summary>Writes each value as an attribute of its own.</summary>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public void WriteRepeated(ref NetlinkWriter writer, ushort type, NetlinkElement<T> element)
    {
        foreach (T value in this)
            element.Write(ref writer, type, in value);
    }

    /// <summary>Writes the values as a nested array, numbered from 1.</summary>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public void WriteArray(ref NetlinkWriter writer, ushort type, bool plain, NetlinkElement<T> element)
    {
        int start = writer.BeginNest(type, plain);
        ushort number = 0;
        foreach (T value in this)
            element.Write(ref writer, ++number, in value);
        writer.EndNest(start);
    }

    /// <inheritdoc/>
    public bool Equals(NetlinkList<T> other)
    {
        if (Count != other.Count)
            return false;
        Enumerator others = other.GetEnumerator();
        foreach (T value in this)
        {
            if (!others.MoveNext() || !EqualityComparer<T>.Default.Equals(value, others.Current))
                return false;
        }
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is NetlinkList<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (T value in this)
            hash.Add(value);
        return hash.ToHashCode();
    }

    public static bool operator ==(NetlinkList<T> left, NetlinkList<T> right) => left.Equals(right);

    public static bool operator !=(NetlinkList<T> left, NetlinkList<T> right) => !left.Equals(right);

    /// <summary>Walks a list. Lives on the stack.</summary>
    public ref struct Enumerator
    {
        private readonly NetlinkList<T> _list;
        private NetlinkAttributeReader _reader;
        private int _next;

        internal Enumerator(NetlinkList<T> list)
        {
            _list = list;
            _reader = new NetlinkAttributeReader(list._attributes, 0);
        }

        /// <summary>The present value.</summary>
        public T Current { get; private set; }

        /// <summary>Moves to the next value.</summary>
        /// <returns>False at the end.</returns>
        public bool MoveNext()
        {
            if (_next >= _list.Count)
                return false;
            _next++;
            if (_list._source is T[] values)
            {
                Current = values[_next - 1];
                return true;
            }
            while (_reader.Read())
            {
                if (_list._number != NetlinkList.AnyNumber && _reader.Type != _list._number)
                    continue;
                Current = Unsafe.As<NetlinkElement<T>>(_list._source!).Read(_reader.Value, _list._family);
                return true;
            }
            return false;
        }
    }
}

/// <summary>Makes lists.</summary>
public static class NetlinkList
{
    /// <summary>A nested array's numbers mean nothing.</summary>
    internal const int AnyNumber = -1;

    /// <summary>A list of values, for a message that is written.</summary>
    public static NetlinkList<T> Create<T>(ReadOnlySpan<T> values)
        where T : struct => new(values.ToArray());

    /// <summary>For generated code: the occurrences of an attribute, which have been judged.</summary>
    /// <param name="attributes">The reader that found them.</param>
    /// <param name="number">The attribute's number.</param>
    /// <param name="count">How often it stands there.</param>
    /// <param name="family">The message's family.</param>
    /// <param name="element">How one is read.</param>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public static NetlinkList<T> Repeated<T>(in NetlinkAttributeReader attributes, ushort number, int count, ProtocolFamily family, NetlinkElement<T> element)
        where T : struct => count == 0 ? default : new(attributes.All, number, count, family, element);

    /// <summary>For generated code: the entries of a nested array, which has been judged.</summary>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public static NetlinkList<T> Array<T>(in NetlinkAttributeReader attribute, ProtocolFamily family, NetlinkElement<T> element)
        where T : struct
    {
        int count = 0;
        var entries = new NetlinkAttributeReader(attribute.Value, 0);
        while (entries.Read())
            count++;
        return new(attribute.Value, AnyNumber, count, family, element);
    }
}
