using System.Collections.Immutable;
using SmallRtnl.Routes;

namespace SmallRtnl.Addresses;

/// <summary>
/// Wakes up when a lifetime ends, and removes what has come to its end under the namespace's own RTNL (<c>check_lifetime</c>,
/// <c>addrconf_verify_rtnl</c>). One timer a namespace that has anything to wait for.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public sealed class AddressLifetimes : IDisposable
{
    // No timer waits longer than 49 days; one that comes too early finds nothing to do and waits again.
    private const long MaxWait = int.MaxValue;

    private static readonly ProtocolFamily[] s_families = [ProtocolFamily.AF_INET, ProtocolFamily.AF_INET6];

    private readonly TimeProvider _time;
    private readonly TimersLock _lock = new();

    [GuardedBy(typeof(TimersLock))]
    private readonly Dictionary<Net, (ITimer Timer, long At)> _timers = [];

    [GuardedBy(typeof(TimersLock))]
    private bool _disposed;

    /// <summary>Takes the host's clock.</summary>
    public AddressLifetimes(TimeProvider time) => _time = time;

    /// <summary>The clock.</summary>
    public TimeProvider Time => _time;

    /// <summary>
    /// Has the namespace looked at again at a time, milliseconds of the host's clock. Deferred: a change that fails sets no timer.
    /// </summary>
    [Excludes(RtnlLock.PerNet)]
    public void Schedule(Net net, long at)
    {
        using var owner = RtnlContext.Create();
        using (_lock.Lock(owner))
        {
            // Forget comes after death: a request that was faster than the teardown must not arm a timer behind its back.
            if (net.IsDead || _disposed)
                return;
            long now = HostClock.Milliseconds(_time);
            at = Math.Min(at, now + MaxWait);
            if (_timers.TryGetValue(net, out (ITimer Timer, long At) known))
            {
                if (known.At <= at)
                    return;
                known.Timer.Dispose();
            }
            var due = TimeSpan.FromMilliseconds(Math.Max(0, at - now));
            _timers[net] = (_time.CreateTimer(static state => ((Due)state!).Fire(), new Due(this, net), due, Timeout.InfiniteTimeSpan), at);
        }
    }

    /// <summary>Stops the timer of a namespace that is going away. Deferred: it must find the namespace dead, see <see cref="Schedule"/>.</summary>
    [Excludes(RtnlLock.PerNet)]
    public void Forget(Net net)
    {
        using var owner = RtnlContext.Create();
        using (_lock.Lock(owner))
        {
            if (_timers.Remove(net, out (ITimer Timer, long At) known))
                known.Timer.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        using var owner = RtnlContext.Create();
        using (_lock.Lock(owner))
        {
            _disposed = true;
            foreach ((ITimer timer, _) in _timers.Values)
                timer.Dispose();
            _timers.Clear();
        }
    }

    private void Look(Net net)
    {
        Forget(net);
        if (!net.IsDead)
            net.Post(context => Sweep(context, net));
    }

    private void Sweep(RtnlContext context, Net net)
    {
        var editor = new AddressEditor(context, net, _time);
        long now = editor.Now;
        long? next = null;
        foreach (ProtocolFamily family in s_families)
        {
            foreach (KeyValuePair<int, ImmutableArray<InterfaceAddress>> entry in editor.Table.All(family))
            {
                foreach (InterfaceAddress address in entry.Value)
                {
                    // A secondary may have gone with its primary a moment ago.
                    if (!editor.Table.Of(family, entry.Key).Contains(address))
                        continue;
                    if (address.Lifetime.HasEnded(now))
                    {
                        Delete(editor, address);
                        continue;
                    }
                    if (address.Lifetime.IsDeprecated(now) && (address.Flags & AddressFlags.IFA_F_DEPRECATED) == 0)
                        Deprecate(editor, address);
                    next = Earlier(next, address.Lifetime.NextChange(now));
                }
            }
        }
        var hasExpired = new HasExpired(now);
        editor.Routes.RemoveAll(ProtocolFamily.AF_INET6, in hasExpired);
        foreach (Fib fib in editor.Routes.Table.All(ProtocolFamily.AF_INET6))
        {
            foreach (Route route in fib.All)
                next = Earlier(next, route.ExpiresAt);
        }
        if (next is { } at)
            context.Defer(() => Schedule(net, at));
    }

    private static void Delete(AddressEditor editor, InterfaceAddress address)
    {
        if (address.Family == ProtocolFamily.AF_INET6)
            Inet6Addresses.Delete(editor, address, isRequested: false);
        else
            InetAddresses.Delete(editor, address, isRequested: false);
    }

    private static void Deprecate(AddressEditor editor, InterfaceAddress address)
    {
        InterfaceAddress deprecated = address with { Flags = address.Flags | AddressFlags.IFA_F_DEPRECATED };
        editor.Change(address, deprecated);
        editor.Say(RtmType.RTM_NEWADDR, deprecated, isRequested: false);
    }

    private static long? Earlier(long? left, long? right) =>
        left is null || right < left ? right ?? left : left;

    /// <summary>The routes whose time is over.</summary>
    private readonly struct HasExpired(long now) : IItemCondition<Route>
    {
        public bool Suits(Route item) => item.ExpiresAt <= now;
    }

    /// <summary>Guards the timers of all namespaces. Nothing is taken inside it.</summary>
    private sealed class TimersLock : LockClass;

    private sealed record Due(AddressLifetimes Owner, Net Net)
    {
        public void Fire() => Owner.Look(Net);
    }
}
