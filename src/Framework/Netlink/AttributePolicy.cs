namespace SmallRtnl;

/// <summary>What a policy asked of the attribute that it refused (NLMSGERR_ATTR_POLICY); the default describes nothing.</summary>
public readonly record struct AttributePolicy
{
    private const ushort NL_POLICY_TYPE_ATTR_TYPE = 1;
    private const ushort NL_POLICY_TYPE_ATTR_MIN_VALUE_S = 2;
    private const ushort NL_POLICY_TYPE_ATTR_MAX_VALUE_S = 3;
    private const ushort NL_POLICY_TYPE_ATTR_MIN_VALUE_U = 4;
    private const ushort NL_POLICY_TYPE_ATTR_MAX_VALUE_U = 5;
    private const ushort NL_POLICY_TYPE_ATTR_MAX_LENGTH = 7;

    // enum netlink_attribute_type: unsigned from U8 = 2 by size, signed from S8 = 6.
    private const uint NL_ATTR_TYPE_U8 = 2;
    private const uint NL_ATTR_TYPE_S8 = 6;
    private const uint NL_ATTR_TYPE_STRING = 11;

    private readonly uint _type;
    private readonly ulong _minimum;
    private readonly ulong _maximum;

    private AttributePolicy(uint type, ulong minimum, ulong maximum)
    {
        _type = type;
        _minimum = minimum;
        _maximum = maximum;
    }

    /// <summary>Whether it describes nothing.</summary>
    public bool IsEmpty => _type == 0;

    private bool IsSigned => _type is >= NL_ATTR_TYPE_S8 and < NL_ATTR_TYPE_S8 + 4;

    /// <summary>A string without its NUL.</summary>
    public static AttributePolicy String(int maximumLength) => new(NL_ATTR_TYPE_STRING, 0, (ulong)maximumLength);

    /// <summary>An integer in host byte order of a size in bytes, any value of it.</summary>
    public static AttributePolicy Integer(int size, bool isSigned)
    {
        uint log = (uint)System.Numerics.BitOperations.Log2((uint)size);
        ulong all = ulong.MaxValue >> (64 - (8 * size));
        return isSigned
            ? new(NL_ATTR_TYPE_S8 + log, ~(all >> 1), all >> 1)
            : new(NL_ATTR_TYPE_U8 + log, 0, all);
    }

    /// <summary>Writes it as a nest, in the order of <c>netlink_policy_dump_write_attr</c>.</summary>
    internal void Write(ref NetlinkWriter writer, ushort type)
    {
        int start = writer.BeginNest(type);
        if (_type == NL_ATTR_TYPE_STRING)
        {
            writer.Put(NL_POLICY_TYPE_ATTR_MAX_LENGTH, (uint)_maximum);
        }
        else
        {
            writer.Put(IsSigned ? NL_POLICY_TYPE_ATTR_MIN_VALUE_S : NL_POLICY_TYPE_ATTR_MIN_VALUE_U, _minimum);
            writer.Put(IsSigned ? NL_POLICY_TYPE_ATTR_MAX_VALUE_S : NL_POLICY_TYPE_ATTR_MAX_VALUE_U, _maximum);
        }
        writer.Put(NL_POLICY_TYPE_ATTR_TYPE, _type);
        writer.EndNest(start);
    }
}
