using System.Collections.Frozen;
using System.Diagnostics;

namespace SmallRtnl;

/// <summary>What the options ask of every locked doit, for those who try out how a host behaves: a stronger word, a slow handler.</summary>
internal sealed class LockDetour
{
    private readonly HandlerTable _table;
    private readonly FrozenSet<HandlerInfo> _underRtnl;
    private readonly TimeSpan _hold;
    private readonly TimeSpan _compute;

    private LockDetour(HandlerTable table, RtnetlinkOptions options)
    {
        _table = table;
        _underRtnl = options.RunUnderRtnl is { } chosen
            ? table.Handlers.Where(info => !info.IsDump && info.Lock != RtnlLock.Unlocked && chosen(info)).ToFrozenSet<HandlerInfo>(ReferenceEqualityComparer.Instance)
            : [];
        _hold = options.HoldTime;
        _compute = options.ComputeTime;
    }

    /// <summary>Null where the options ask for nothing: then a request tests one field.</summary>
    public static LockDetour? For(HandlerTable table, RtnetlinkOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.HoldTime, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ComputeTime, TimeSpan.Zero, nameof(options));
        return options.RunUnderRtnl is null && options.HoldTime == TimeSpan.Zero && options.ComputeTime == TimeSpan.Zero ? null : new LockDetour(table, options);
    }

    /// <summary>Whether the request's handler runs under the whole of RTNL, whatever its word.</summary>
    public bool TakesRtnl(RequestContext context) =>
        _underRtnl.Count > 0 && _underRtnl.Contains(_table.FindDoIt(context.Family, context.Header.RtmType).Info);

    /// <summary>What comes between the lock and the handler.</summary>
    public async ValueTask HoldAsync(ValueTask locking)
    {
        await locking.ConfigureAwait(false);
        if (_hold > TimeSpan.Zero)
            await Task.Delay(_hold).ConfigureAwait(false);
        if (_compute == TimeSpan.Zero)
            return;
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < _compute;)
            Thread.SpinWait(1);
    }
}
