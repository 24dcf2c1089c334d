using System.Collections.Concurrent;
using System.Reflection;

namespace SmallRtnl;

/// <summary>A node of the graph: a class of locks, or a kind of wait. Lives as long as the process.</summary>
internal sealed class LockdepClass
{
    private static readonly ConcurrentDictionary<Type, LockdepClass> s_users = new();
    private static readonly LockdepClass[] s_rtnl = OfModes("RTNL", compare: null);
    private static readonly LockdepClass[] s_initialNet = OfModes("init_net", CompareNets);
    private static readonly LockdepClass[] s_net = OfModes("net", CompareNets);

    private static int s_last;

    private readonly Type? _type;

    private LockdepClass(string name, Func<object, object, int>? compare, bool isWait = false, Type? type = null)
    {
        Name = name;
        Compare = compare;
        IsWait = isWait;
        Id = Interlocked.Increment(ref s_last);
        _type = type;
    }

    public int Id { get; }

    public string Name { get; }

    /// <summary>Whether it is no lock: to acquire it is to wait for work, to hold it is to be that work.</summary>
    public bool IsWait { get; }

    /// <summary>The order among instances, of the one held to the one asked for: below zero is right, zero is none.</summary>
    public Func<object, object, int>? Compare { get; }

    /// <summary>The modes order nets and gate differently, and one process may have hosts in each.</summary>
    public static LockdepClass OfRtnl(RtnlMode mode) => s_rtnl[(int)mode];

    public static LockdepClass OfNet(Net net) => (net.Id == 0 ? s_initialNet : s_net)[(int)net.Gate.Mode];

    public static LockdepClass OfWait(string name) => new(name, compare: null, isWait: true);

    public static LockdepClass OfUser(LockClass instance) => OfUser(instance.GetType());

    /// <summary>The order that is known without having been seen: the modes' own, what the framework's waits need.</summary>
    public static IEnumerable<(LockdepClass From, LockdepClass To)> DesignedOrder()
    {
        foreach (RtnlMode mode in Enum.GetValues<RtnlMode>())
        {
            LockdepClass rtnl = s_rtnl[(int)mode], initial = s_initialNet[(int)mode], net = s_net[(int)mode];
            yield return (initial, net);
            yield return mode == RtnlMode.PerNet ? (initial, rtnl) : (rtnl, initial);
            yield return mode == RtnlMode.PerNet ? (net, rtnl) : (rtnl, net);
            foreach (LockdepWait wait in LockdepWait.OfFramework)
            {
                yield return (wait.Class, rtnl);
                yield return (wait.Class, initial);
                yield return (wait.Class, net);
            }
        }
    }

    /// <summary>The order that the class declares by <see cref="LockOrderAttribute"/>.</summary>
    public IEnumerable<(LockdepClass From, LockdepClass To)> DeclaredOrder()
    {
        if (_type is null)
            yield break;
        foreach (LockOrderAttribute order in _type.GetCustomAttributes<LockOrderAttribute>(inherit: false))
        {
            foreach (LockdepClass before in Named(order.Before))
                yield return (this, before);
            foreach (LockdepClass after in Named(order.After))
                yield return (after, this);
        }
    }

    public override string ToString() => Name;

    private static LockdepClass OfUser(Type type) => s_users.GetOrAdd(type, static type => new LockdepClass(type.Name, CompareUsers, type: type));

    private static LockdepClass[] Named(object? wordOrType) => wordOrType switch
    {
        RtnlLock.Rtnl => s_rtnl,
        RtnlLock.PerNet => [.. s_initialNet, .. s_net],
        Type type => [OfUser(type)],
        _ => [],
    };

    private static LockdepClass[] OfModes(string name, Func<object, object, int>? compare) =>
        [.. Enum.GetValues<RtnlMode>().Select(mode => new LockdepClass(mode == RtnlMode.PerNet ? name : $"{name}/{mode}", compare))];

    private static int CompareNets(object held, object wanted)
    {
        var (left, right) = ((Net)held, (Net)wanted);
        return ReferenceEquals(left.Registry, right.Registry) ? Net.CompareLockOrder(left, right) : 0;
    }

    private static int CompareUsers(object held, object wanted) => ((LockClass)held).CompareOrder((LockClass)wanted);
}
