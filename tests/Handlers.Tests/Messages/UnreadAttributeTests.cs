using System.Reflection;
using System.Reflection.Emit;
using SmallRtnl.Links;
using Xunit;

namespace SmallRtnl.Handlers.Tests.Messages;

/// <summary>
/// What a request may carry is looked at by a handler, or refused, or said to be ignored as the kernel ignores it: found in the handlers' compiled
/// code, where generated parsers and serialisers and the members of records do not count.
/// </summary>
public sealed class UnreadAttributeTests
{
    /// <summary>Attributes that only replies carry, which the kernel's own requests ignore: it has no reader for them (raw-attributes.py asks it).</summary>
    private static readonly Dictionary<string, string[]> OnlyInReplies = new()
    {
        ["LinkMessage"] =
        [
            "MinMtu", "MaxMtu", "Promiscuity", "CarrierChanges", "CarrierUpCount", "CarrierDownCount", "Stats64", "Stats", "Link", "NewNetnsId", "Qdisc", "DevlinkPort",
        ],
        ["Inet6LinkMessage"] = ["Name", "Address", "Mtu", "Link", "OperState", "ProtInfo"],
        ["Inet6LinkInfo"] = ["Flags", "CacheInfo", "Conf", "Stats", "Icmp6Stats"],
        ["DevlinkPort"] = ["Index"],
        ["DpllPin"] = ["Id"],
        ["AddressMessage"] = ["Anycast"],
        // What a request may carry is read as an AddressMessage; this is how addresses are told, and asked for in a dump, which is by namespace and interface.
        ["Inet6AddressMessage"] = ["Local", "Address", "RoutePriority", "CacheInfo", "Flags", "Protocol", "Broadcast", "Label", "Anycast"],
        ["NetIdMessage"] = ["CurrentNetnsId"],
    };

    /// <summary>Numbers that exist and that neither the kernel nor a message here has anything to do with in a request.</summary>
    private static readonly Dictionary<string, int[]> Undeclared = new()
    {
        // IFA_MULTICAST: only what RTM_GETMULTICAST answers carries it.
        ["AddressMessage"] = [7],
        ["Inet6AddressMessage"] = [7],
    };

    public static TheoryData<Type> Declared => [.. typeof(LinkMessage).Assembly.GetTypes()
        .Where(type => type.Namespace is "SmallRtnl.Links" or "SmallRtnl.Addresses" or "SmallRtnl.NetIds"
            && (type.IsDefined(typeof(NetlinkMessageAttribute)) || type.IsDefined(typeof(NetlinkNestAttribute))))];

    [Theory]
    [MemberData(nameof(Declared))]
    public void What_is_accepted_is_looked_at_or_said_to_be_ignored(Type message)
    {
        HashSet<MethodInfo> read = Readers.Value;
        string[] onlyInReplies = OnlyInReplies.GetValueOrDefault(message.Name) ?? [];
        IEnumerable<string> forgotten = message.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.GetCustomAttribute<NetlinkAttributeAttribute>() is { Reject: false }
                && !read.Contains(property.GetMethod!)
                && !property.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "IgnoredAttribute")
                && !onlyInReplies.Contains(property.Name))
            .Select(property => property.Name);
        Assert.Empty(forgotten);
    }

    [Theory]
    [MemberData(nameof(Declared))]
    public void What_exists_is_declared(Type message)
    {
        int highest = message.GetCustomAttribute<NetlinkMessageAttribute>()?.MaxType ?? 0;
        int[] undeclared = Undeclared.GetValueOrDefault(message.Name) ?? [];
        IEnumerable<int> declared = message.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(property => (int)(property.GetCustomAttribute<NetlinkAttributeAttribute>()?.Type ?? 0));
        Assert.Empty(Enumerable.Range(1, highest).Except(declared).Except(undeclared));
    }

    private static readonly Lazy<HashSet<MethodInfo>> Readers = new(FindReaders);

    /// <summary>Every getter that is called by anything but what the compiler and the generator write into a message.</summary>
    private static HashSet<MethodInfo> FindReaders()
    {
        const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var found = new HashSet<MethodInfo>();
        foreach (Type type in typeof(LinkMessage).Assembly.GetTypes())
        {
            bool isMessage = type.IsDefined(typeof(NetlinkMessageAttribute)) || type.IsDefined(typeof(NetlinkNestAttribute));
            foreach (MethodInfo method in type.GetMethods(Everything))
            {
                if (isMessage && method.Name is "Equals" or "GetHashCode" or "PrintMembers" or "ToString" or "Write" or "TryParse" or "TryFill")
                    continue;
                found.UnionWith(Called(method));
            }
        }
        return found;
    }

    private static IEnumerable<MethodInfo> Called(MethodInfo method)
    {
        byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (int at = 0; at < code.Length;)
        {
            OpCode operation = code[at] == 0xfe ? Two[code[at + 1]] : One[code[at]];
            at += operation.Size;
            if (operation.OperandType == OperandType.InlineMethod)
            {
                MethodBase? target = method.Module.ResolveMethod(
                    BitConverter.ToInt32(code, at), method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : []);
                if (target is MethodInfo called && called.Name.StartsWith("get_", StringComparison.Ordinal))
                    yield return called;
            }
            at += operation.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
        }
    }

    private static readonly Dictionary<byte, OpCode> One = Operations(size: 1);

    private static readonly Dictionary<byte, OpCode> Two = Operations(size: 2);

    private static Dictionary<byte, OpCode> Operations(int size) => typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .Where(operation => operation.Size == size)
        .ToDictionary(operation => (byte)operation.Value);
}
