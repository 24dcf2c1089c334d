using System.Collections.Concurrent;
using System.Diagnostics;

namespace SmallRtnl;

/// <summary>That one class was taken while another was held, and where both were.</summary>
/// <param name="From">The class that was held.</param>
/// <param name="To">The class that was taken.</param>
/// <param name="FromSite">Where the first was taken.</param>
/// <param name="ToSite">Where the second was taken.</param>
/// <param name="Owner">By whom.</param>
/// <param name="Trace">The stack that took the second; null for what is declared.</param>
internal sealed record LockdepEdge(LockdepClass From, LockdepClass To, LockdepSite FromSite, LockdepSite ToSite, string Owner, StackTrace? Trace);

/// <summary>The order among classes that has been seen or declared. Free of circles: an edge that would close one is reported and left out.</summary>
/// <remarks>Thread-safe: one lock around everything that is new.</remarks>
internal sealed class LockdepGraph(int maxChains = 65_536, int maxEdges = 32_768)
{
    private readonly Lock _sync = new();
    private readonly ConcurrentDictionary<LockdepOrigin, LockdepChain> _roots = new();
    private readonly Dictionary<(LockdepClass From, LockdepClass To), LockdepEdge> _edges = [];
    private readonly Dictionary<LockdepClass, List<LockdepEdge>> _from = [];
    private readonly HashSet<LockdepClass> _introduced = [];
    private readonly HashSet<(LockdepReportKind Kind, object? Held, object? Wanted)> _reported = [];
    private LockdepChain? _unknown;
    private int _chains;

    public static LockdepGraph Current { get; set; } = new();

    /// <summary>Stands for every sequence that the full table has no room for; none follows it, so each is checked afresh.</summary>
    private LockdepChain Unknown => _unknown ??= new LockdepChain(this, last: null, isTry: false, trace: null);

    public LockdepChain Root(LockdepOrigin origin) =>
        _roots.GetOrAdd(origin, static (_, graph) => new LockdepChain(graph, last: null, isTry: false, trace: null), this);

    /// <summary>Checks an acquisition in a sequence not seen before against the order known, extends the order, and remembers the sequence.</summary>
    public LockdepReport? Learn(LockdepOwner owner, LockdepChain from, LockdepClass wanted, object instance, bool isTry, in LockdepCall call, out LockdepChain chain)
    {
        lock (_sync)
        {
            var attempt = new LockdepAttempt(owner, wanted, instance, call, new StackTrace(fNeedFileInfo: true));
            LockdepReport? report = Introduce(wanted, in attempt);
            if (!isTry)
            {
                if (owner.OuterOf(in call) is { } outer)
                    report = Order(outer, report, in attempt);
                report = Order(owner, report, in attempt);
            }
            chain = Follow(from, wanted, isTry, attempt.Trace);
            if (_chains >= maxChains && ReferenceEquals(chain, _unknown))
                report ??= TableReport("sequences of locks", maxChains, in attempt);
            return report;
        }
    }

    /// <summary>The sequence after one of its locks was released.</summary>
    public LockdepChain Follow(LockdepChain from, in LockdepHeld held)
    {
        bool isTry = (held.Use & LockdepUse.Try) != 0;
        if (ReferenceEquals(from.Graph, this) && from.Next(held.Class, isTry) is { } known)
            return known;
        lock (_sync)
            return Follow(from, held.Class, isTry, held.Chain.Trace);
    }

    /// <summary>Locks of one class: the same one again, or another against the order that the class declares.</summary>
    public LockdepReport? CheckInstances(LockdepOwner owner, LockdepClass wanted, object instance, in LockdepCall call)
    {
        LockdepReportKind? kind = Worst(owner, wanted, instance, out LockdepHeld worst);
        if (owner.OuterOf(in call) is { } outer && Worst(outer, wanted, instance, out LockdepHeld outerWorst) is { } outerKind)
            (kind, worst) = (outerKind, outerWorst);
        if (kind is null)
            return null;
        bool isFirst = IsFirst(kind.Value, owner.Origin, wanted);
        // The same lock again would wait for ever, however often it has been reported.
        if (!isFirst && (kind != LockdepReportKind.SelfDeadlock || Lockdep.Policy != LockdepPolicy.Throw))
            return null;
        var attempt = new LockdepAttempt(owner, wanted, instance, call, new StackTrace(fNeedFileInfo: true));
        return LockdepReportWriter.Instances(kind.Value, in attempt, in worst, isFirst);
    }

    public LockdepReport? SnapshotReport(LockdepOwner owner, LockdepClass wanted, object instance, in LockdepCall call)
    {
        if (!IsFirst(LockdepReportKind.LockInSnapshot, owner.Origin, wanted))
            return null;
        var attempt = new LockdepAttempt(owner, wanted, instance, call, new StackTrace(fNeedFileInfo: true));
        return LockdepReportWriter.Snapshot(in attempt, isFirst: true);
    }

    /// <summary>A thread that blocks, or an await that resumes, where a reader should have been done by then.</summary>
    public LockdepReport? BlockReport(LockdepOwner owner, string what)
    {
        if (!IsFirst(LockdepReportKind.BlockInSnapshot, owner.Origin, null))
            return null;
        var attempt = new LockdepAttempt(owner, null, null, default, new StackTrace(fNeedFileInfo: true));
        return LockdepReportWriter.Block(what, in attempt);
    }

    public LockdepReport LeakReport(LockdepOwner owner)
    {
        var attempt = new LockdepAttempt(owner, null, null, default, new StackTrace(fNeedFileInfo: true));
        bool isFirst = IsFirst(LockdepReportKind.Leak, owner.Count > 0 ? owner.Held[owner.Count - 1].Class : null, owner.Origin);
        return LockdepReportWriter.Leak(in attempt, isFirst);
    }

    public LockdepReport? DepthReport(LockdepOwner owner, LockdepClass wanted, object instance, in LockdepCall call)
    {
        if (!IsFirst(LockdepReportKind.DepthLimit, owner.Origin, wanted))
            return null;
        var attempt = new LockdepAttempt(owner, wanted, instance, call, new StackTrace(fNeedFileInfo: true));
        return LockdepReportWriter.Limit(LockdepReportKind.DepthLimit, $"the limit of {Lockdep.MaxDepth} locks held by one owner was met; checking goes on", in attempt);
    }

    /// <summary>What the order says about an acquisition that is refused anyhow. Nothing is learned, and no report that may come is used up.</summary>
    public LockdepReport? Explain(LockdepOwner owner, LockdepClass wanted, object instance, in LockdepCall call)
    {
        lock (_sync)
        {
            var attempt = new LockdepAttempt(owner, wanted, instance, call, new StackTrace(fNeedFileInfo: true));
            if (owner.IsReader)
                return LockdepReportWriter.Snapshot(in attempt, IsFirst(LockdepReportKind.LockInSnapshot, owner.Origin, wanted));
            Introduce(wanted, in attempt);
            if (Worst(owner, wanted, instance, out LockdepHeld worst) is { } kind)
                return LockdepReportWriter.Instances(kind, in attempt, in worst, IsFirst(kind, (wanted, owner.Origin), wanted));
            foreach (LockdepHeld held in owner.Held)
            {
                if (!ReferenceEquals(held.Class, wanted) && Path(wanted, held.Class) is { } path)
                    return LockdepReportWriter.Circular(in attempt, in held, path, IsFirst(CircleKind(wanted, path), (held.Class, owner.Origin), wanted));
            }
            return null;
        }
    }

    public LockdepReport NestedReport(LockdepOwner owner, LockdepClass wanted, object instance, in LockdepCall call)
    {
        var attempt = new LockdepAttempt(owner, wanted, instance, call, new StackTrace(fNeedFileInfo: true));
        bool isFirst = IsFirst(LockdepReportKind.NestedWord, owner.Count > 0 ? owner.Held[owner.Count - 1].Class : null, wanted);
        return LockdepReportWriter.Nested(in attempt, isFirst);
    }

    /// <summary>A circle through a wait is work that waits for itself.</summary>
    public static LockdepReportKind CircleKind(LockdepClass wanted, List<LockdepEdge> path) =>
        wanted.IsWait || path.Exists(static edge => edge.To.IsWait) ? LockdepReportKind.WaitForOwnWork : LockdepReportKind.Circular;

    private static LockdepReportKind? Worst(LockdepOwner owner, LockdepClass wanted, object instance, out LockdepHeld worst)
    {
        worst = default;
        LockdepReportKind? kind = null;
        foreach (ref readonly LockdepHeld held in owner.Held)
        {
            if (!ReferenceEquals(held.Class, wanted))
                continue;
            if (ReferenceEquals(held.Instance, instance))
            {
                worst = held;
                return LockdepReportKind.SelfDeadlock;
            }
            int order = wanted.Compare?.Invoke(held.Instance, instance) ?? 0;
            if (order < 0 || kind is not null)
                continue;
            worst = held;
            kind = order == 0 ? LockdepReportKind.Recursion : LockdepReportKind.InstanceOrder;
        }
        return kind;
    }

    /// <summary>The classes that a class met for the first time declares an order to.</summary>
    private LockdepReport? Introduce(LockdepClass met, in LockdepAttempt attempt)
    {
        LockdepReport? report = null;
        if (_introduced.Count == 0)
        {
            foreach ((LockdepClass from, LockdepClass to) in LockdepClass.DesignedOrder())
                Declare(from, to, "by design", in attempt, ref report);
        }
        if (_introduced.Add(met))
        {
            foreach ((LockdepClass from, LockdepClass to) in met.DeclaredOrder())
                Declare(from, to, nameof(LockOrderAttribute), in attempt, ref report);
        }
        return report;
    }

    private void Declare(LockdepClass from, LockdepClass to, string how, in LockdepAttempt attempt, ref LockdepReport? report)
    {
        if (_edges.ContainsKey((from, to)))
            return;
        var edge = new LockdepEdge(from, to, new LockdepSite(from.Name, how, null, 0), new LockdepSite(to.Name, how, null, 0), how, Trace: null);
        if (Path(to, from) is { } path)
        {
            if (report is null && IsFirst(LockdepReportKind.Circular, from, to))
                report = LockdepReportWriter.Declaration(in attempt, edge, path);
            return;
        }
        Add(edge);
    }

    private LockdepReport? Order(LockdepOwner holder, LockdepReport? report, in LockdepAttempt attempt)
    {
        LockdepClass wanted = attempt.Wanted!;
        foreach (ref readonly LockdepHeld held in holder.Held)
        {
            if (ReferenceEquals(held.Class, wanted) || _edges.ContainsKey((held.Class, wanted)))
                continue;
            report ??= Introduce(held.Class, in attempt);
            if (Path(wanted, held.Class) is { } path)
            {
                if (report is null && IsFirst(CircleKind(wanted, path), held.Class, wanted))
                    report = LockdepReportWriter.Circular(in attempt, in held, path, isFirst: true);
                continue;
            }
            if (_edges.Count >= maxEdges)
            {
                report ??= TableReport("edges between classes", maxEdges, in attempt);
                continue;
            }
            Add(new LockdepEdge(held.Class, wanted, LockdepReportWriter.SiteOf(in held), attempt.Site, holder.ToString(), attempt.Trace));
        }
        return report;
    }

    private void Add(LockdepEdge edge)
    {
        _edges.Add((edge.From, edge.To), edge);
        if (!_from.TryGetValue(edge.From, out List<LockdepEdge>? edges))
            _from.Add(edge.From, edges = []);
        edges.Add(edge);
    }

    /// <summary>The shortest way from one class to another along the order; null where there is none.</summary>
    private List<LockdepEdge>? Path(LockdepClass from, LockdepClass to)
    {
        var cameBy = new Dictionary<LockdepClass, LockdepEdge?> { [from] = null };
        var next = new Queue<LockdepClass>([from]);
        while (next.TryDequeue(out LockdepClass? at))
        {
            if (ReferenceEquals(at, to))
            {
                var path = new List<LockdepEdge>();
                for (LockdepEdge? edge = cameBy[at]; edge is not null; edge = cameBy[edge.From])
                    path.Insert(0, edge);
                return path;
            }
            foreach (LockdepEdge edge in _from.GetValueOrDefault(at, []))
            {
                if (cameBy.TryAdd(edge.To, edge))
                    next.Enqueue(edge.To);
            }
        }
        return null;
    }

    private LockdepChain Follow(LockdepChain from, LockdepClass wanted, bool isTry, StackTrace? trace)
    {
        // A sequence that began before a reset, or that found the table full, cannot be continued.
        if (!ReferenceEquals(from.Graph, this) || ReferenceEquals(from, _unknown))
            return Unknown;
        if (from.Next(wanted, isTry) is { } known)
            return known;
        if (_chains >= maxChains)
            return Unknown;
        _chains++;
        var chain = new LockdepChain(this, wanted, isTry, trace);
        from.Add(chain);
        return chain;
    }

    private LockdepReport? TableReport(string table, int limit, in LockdepAttempt attempt) =>
        IsFirst(LockdepReportKind.TableLimit, table, null)
            ? LockdepReportWriter.Limit(LockdepReportKind.TableLimit, $"the table of {table} is full ({limit}); what is new is checked, but not remembered", in attempt)
            : null;

    private bool IsFirst(LockdepReportKind kind, object? held, object? wanted)
    {
        lock (_sync)
            return _reported.Add((kind, held, wanted));
    }
}

/// <summary>An acquisition under examination.</summary>
/// <param name="Owner">Who asks.</param>
/// <param name="Wanted">The class asked for; null where the end of something is examined.</param>
/// <param name="Instance">The lock asked for.</param>
/// <param name="Call">The caller, where the compiler told it.</param>
/// <param name="Trace">The stack.</param>
internal readonly record struct LockdepAttempt(LockdepOwner Owner, LockdepClass? Wanted, object? Instance, LockdepCall Call, StackTrace Trace)
{
    public LockdepSite Site => LockdepReportWriter.SiteOf(Wanted?.Name ?? "", Call, Trace);
}
