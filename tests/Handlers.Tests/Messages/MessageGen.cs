using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CsCheck;
using SmallRtnl.Links;
using SmallRtnl.Routes;

namespace SmallRtnl.Handlers.Tests.Messages;

/// <summary>
/// Random messages and nests of any type, by reflection: a message that is added is covered without a line here. Values keep to the declared
/// policies, which a writer must too.
/// </summary>
internal static class MessageGen
{
    /// <summary>Every message and nest of the handlers.</summary>
    public static Type[] All { get; } =
    [
        .. typeof(LinkMessage).Assembly.GetTypes()
            .Where(type => type.IsValueType && type.GetInterfaces().Any(IsMessageOrNest))
            .OrderBy(type => type.FullName, StringComparer.Ordinal),
    ];

    /// <summary>Whether the type has a fixed header.</summary>
    public static bool IsMessage(Type type) => Implements(type, typeof(INetlinkMessage<>));

    /// <summary>A message or nest whose addresses are of a family.</summary>
    public static Gen<object> Of(Type type, ProtocolFamily family)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetCustomAttribute<NetlinkAttributeAttribute>() is not null)
            .ToArray();
        Gen<object?>[] values = [.. properties.Select(property => Property(property, family))];
        PropertyInfo[] shapes = [.. type.GetProperties().Where(property => property.GetCustomAttribute<NetlinkSubMessageAttribute>() is not null)];
        Gen<object>[] shaped = [.. shapes.Select(shape => Of(Nullable.GetUnderlyingType(shape.PropertyType)!, family))];
        Gen<byte[]> header = IsMessage(type) ? Bytes(SizeOf(type.GetProperty("Header")!.PropertyType)) : Gen.Const(Array.Empty<byte>());
        Gen<object?[]> all = Sequence(values);
        return Gen.Select(all, header, Gen.Int[0, shapes.Length], Sequence([.. shaped.Select(gen => gen.Select(value => (object?)value))])).Select((found, bytes, choice, nests) =>
        {
            object message = Activator.CreateInstance(type)!;
            for (int i = 0; i < properties.Length; i++)
                properties[i].SetValue(message, found[i]);
            if (bytes.Length > 0)
            {
                bytes[0] = (byte)family;
                PropertyInfo property = type.GetProperty("Header")!;
                property.SetValue(message, Struct(property.PropertyType, bytes));
            }
            if (choice < shapes.Length)
                Choose(message, shapes[choice], nests[choice]);
            return message;
        });
    }

    private static void Choose(object message, PropertyInfo shape, object? nest)
    {
        NetlinkSubMessageAttribute chosen = shape.GetCustomAttribute<NetlinkSubMessageAttribute>()!;
        PropertyInfo payload = message.GetType().GetProperty(chosen.Payload)!;
        PropertyInfo selector = message.GetType().GetProperty(payload.GetCustomAttribute<NetlinkAttributeAttribute>()!.Selector!)!;
        payload.SetValue(message, null);
        selector.SetValue(message, chosen.Value is string text ? new NetlinkString(text) : chosen.Value);
        shape.SetValue(message, nest);
    }

    private static Gen<object?> Property(PropertyInfo property, ProtocolFamily family)
    {
        NetlinkAttributeAttribute policy = property.GetCustomAttribute<NetlinkAttributeAttribute>()!;
        if (property.PropertyType == typeof(bool))
            return Gen.Bool.Select(value => (object?)value);
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Gen<object> value = Value(type, policy, family);
        return Gen.Frequency((1, Gen.Const((object?)null)), (2, value.Select(found => (object?)found)));
    }

    private static Gen<object> Value(Type type, NetlinkAttributeAttribute policy, ProtocolFamily family)
    {
        if (Implements(type, typeof(INetlinkNest<>)))
            return Of(type, family);
        if (type.IsEnum)
            return Value(type.GetEnumUnderlyingType(), policy, family).Select(value => Enum.ToObject(type, value));
        int longest = policy.MaxLength == 0 ? 40 : policy.MaxLength;
        if (type == typeof(NetlinkString))
            return Text(policy.Binary ? 0 : 1, longest).Select(text => (object)new NetlinkString(text));
        if (type == typeof(InterfaceName))
            return Text(0, 15).Select(text => (object)new InterfaceName(text));
        if (type == typeof(NetlinkBytes))
            return Gen.Byte.Array[Math.Max(policy.MinLength, policy.Nested || policy.Selector is not null ? 4 : 0), longest].Select(bytes => (object)new NetlinkBytes(bytes));
        if (type == typeof(HardwareAddress))
            return Gen.Byte.Array[0, HardwareAddress.MaxLength].Select(bytes => (object)new HardwareAddress(bytes));
        if (type == typeof(InetAddress))
            return Gen.Byte.Array[family == ProtocolFamily.AF_INET ? 4 : 16].Select(bytes => (object)InetAddress.FromBytes(bytes));
        if (type == typeof(InetDeviceConf))
            return Gen.Bool.Select(loopback => (object)new InetDeviceConf(loopback));
        if (type == typeof(Inet6DeviceConf))
            return Gen.Select(Gen.UInt, Gen.UInt, Gen.Byte, (mtu, flags, mode) => (object)new Inet6DeviceConf(mtu, (LinkFlags)flags, (Inet6AddressGeneration)mode));
        if (type == typeof(Inet6Sources))
            return Gen.Byte.Array[family == ProtocolFamily.AF_INET ? 4 : 16].Select(bytes => (object)new Inet6Sources(InetAddress.FromBytes(bytes), null));
        if (Implements(type, typeof(INetlinkValue<>)))
            throw new NotSupportedException($"No generator for the value {type.Name}: add one here.");
        if (!type.IsPrimitive)
            return Bytes(SizeOf(type)).Select(bytes => Struct(type, bytes));
        return Gen.Byte.Array[8].Select(bytes => Within(Struct(type, bytes), type, policy));
    }

    private static object Within(object value, Type type, NetlinkAttributeAttribute policy)
    {
        Int128 number = Int128.CreateChecked(Convert.ToDecimal(value, null));
        if (policy.Mask != 0)
            number &= policy.Mask;
        if (policy.Min is { } min && number < Int128.CreateChecked(Convert.ToDecimal(min, null)))
            number = Int128.CreateChecked(Convert.ToDecimal(min, null));
        if (policy.Max is { } max && number > Int128.CreateChecked(Convert.ToDecimal(max, null)))
            number = Int128.CreateChecked(Convert.ToDecimal(max, null));
        return Convert.ChangeType((decimal)number, type, null);
    }

    private static Gen<string> Text(int shortest, int longest) => Gen.String[Gen.Char['a', 'z'], shortest, Math.Min(longest, 60)];

    private static Gen<byte[]> Bytes(int length) => Gen.Byte.Array[length];

    private static object Struct(Type type, byte[] bytes) =>
        typeof(MessageGen).GetMethod(nameof(Read), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type).Invoke(null, [bytes])!;

    private static T Read<T>(byte[] bytes)
        where T : unmanaged => MemoryMarshal.Read<T>(bytes);

    private static int SizeOf(Type type) =>
        (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static Gen<object?[]> Sequence(Gen<object?>[] gens)
    {
        Gen<object?[]> all = Gen.Const(Array.Empty<object?>());
        foreach (Gen<object?> gen in gens)
            all = Gen.Select(all, gen, (before, next) => (object?[])[.. before, next]);
        return all;
    }

    private static bool Implements(Type type, Type definition) =>
        type.GetInterfaces().Any(found => found.IsGenericType && found.GetGenericTypeDefinition() == definition);

    private static bool IsMessageOrNest(Type found) =>
        found.IsGenericType && (found.GetGenericTypeDefinition() == typeof(INetlinkMessage<>) || found.GetGenericTypeDefinition() == typeof(INetlinkNest<>));
}
