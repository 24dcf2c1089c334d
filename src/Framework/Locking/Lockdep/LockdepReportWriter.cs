using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace SmallRtnl;

/// <summary>Lays reports out as people know them from the kernel's lockdep.</summary>
internal static class LockdepReportWriter
{
    private const string Heavy = "======================================================";
    private const string Light = "------------------------------------------------------";

    private const string LocalFunction = "g__";
    private const int MaxFrames = 12;

    private static readonly string s_framework = typeof(LockdepReportWriter).Assembly.GetName().Name!;

    /// <summary>Where a lock was taken: as its caller was recorded, else as the stack shows that took it first in that sequence.</summary>
    public static LockdepSite SiteOf(in LockdepHeld held) => SiteOf(held.Class.Name, held.Call, held.Chain.Trace);

    public static LockdepSite SiteOf(string name, LockdepCall call, StackTrace? trace)
    {
        if (call.Member is not null)
            return new LockdepSite(name, call.Member, call.File, call.Line);
        StackFrame[] frames = trace?.GetFrames() ?? [];
        StackFrame? first = null;
        foreach (StackFrame frame in frames)
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method)
                continue;
            if (IsOurs(method))
            {
                first = frame;
                continue;
            }
            // A lock that the framework took for itself has only the runtime's frames behind it.
            if (method.DeclaringAssemblyName.StartsWith("System.", StringComparison.Ordinal) && first is not null)
                break;
            first = frame;
            break;
        }
        return first is null ? new LockdepSite(name, null, null, 0) : new LockdepSite(name, MemberOf(first), first.GetFileName(), first.GetFileLineNumber());
    }

    public static LockdepReport Circular(in LockdepAttempt attempt, in LockdepHeld held, List<LockdepEdge> path, bool isFirst)
    {
        LockdepClass wanted = attempt.Wanted!;
        LockdepSite heldSite = SiteOf(in held);
        StringBuilder text = Begin("possible circular locking dependency detected");
        Tries(text, in attempt);
        text.AppendLine().AppendLine("but task is already holding lock:");
        Lock(text, held.Class, held.Instance, held.Use, heldSite);
        text.AppendLine().AppendLine("which lock already depends on the new lock.").AppendLine();
        Chain(text, path, wanted, attempt.Site, attempt.Trace);
        text.AppendLine("other info that might help us debug this:").AppendLine();
        Scenario(text, held.Class, wanted, path);
        End(text, in attempt);
        LockdepSite[] sites = [attempt.Site, heldSite, .. path.SelectMany(static edge => (LockdepSite[])[edge.FromSite, edge.ToSite])];
        return new LockdepReport(LockdepGraph.CircleKind(wanted, path), text.ToString(), sites, isFirst);
    }

    /// <summary>A declared order that contradicts what has been seen or declared.</summary>
    public static LockdepReport Declaration(in LockdepAttempt attempt, LockdepEdge declared, List<LockdepEdge> path)
    {
        StringBuilder text = Begin("possible circular locking dependency detected");
        text.Append(CultureInfo.InvariantCulture, $"it is declared ({declared.Owner}) that ({declared.From}) is taken before ({declared.To}),").AppendLine();
        text.AppendLine("which lock already depends on the new lock.").AppendLine();
        Chain(text, path, declared.To, declared.ToSite, trace: null);
        Scenario(text, declared.From, declared.To, path);
        End(text, in attempt);
        LockdepSite[] sites = [declared.ToSite, declared.FromSite, .. path.SelectMany(static edge => (LockdepSite[])[edge.FromSite, edge.ToSite])];
        return new LockdepReport(LockdepReportKind.Circular, text.ToString(), sites, isFirst: true);
    }

    public static LockdepReport Instances(LockdepReportKind kind, in LockdepAttempt attempt, in LockdepHeld held, bool isFirst)
    {
        LockdepSite heldSite = SiteOf(in held);
        StringBuilder text = Begin(kind == LockdepReportKind.InstanceOrder ? "possible wrong order among locks of one class detected" : "possible recursive locking detected");
        Tries(text, in attempt);
        text.AppendLine().AppendLine("but task is already holding lock:");
        Lock(text, held.Class, held.Instance, held.Use, heldSite);
        text.AppendLine().AppendLine(kind switch
        {
            LockdepReportKind.SelfDeadlock => "and the lock is the same one: the task would wait for itself.",
            LockdepReportKind.InstanceOrder => "and the lock comparison function says that the new lock comes first.",
            _ => "and the lock comparison function returns 0: the class declares no order among its locks.",
        });
        text.AppendLine().AppendLine("other info that might help us debug this:");
        string name = Verb(attempt.Wanted!);
        text.AppendLine(" Possible unsafe locking scenario:").AppendLine();
        if (kind == LockdepReportKind.SelfDeadlock)
        {
            text.AppendLine("       CPU0").AppendLine("       ----");
            text.Append("  ").AppendLine(Verb(held.Class, isHeld: true)).Append("  ").AppendLine(name);
        }
        else
        {
            text.AppendLine("       CPU0                    CPU1").AppendLine("       ----                    ----");
            Row(text, 0, Named(held.Class, held.Instance));
            Row(text, 1, Named(attempt.Wanted!, attempt.Instance!));
            Row(text, 1, Named(held.Class, held.Instance));
            Row(text, 0, Named(attempt.Wanted!, attempt.Instance!));
        }
        text.AppendLine().AppendLine(" *** DEADLOCK ***").AppendLine();
        End(text, in attempt);
        return new LockdepReport(kind, text.ToString(), [attempt.Site, heldSite], isFirst);
    }

    public static LockdepReport Snapshot(in LockdepAttempt attempt, bool isFirst)
    {
        StringBuilder text = Begin(attempt.Wanted!.IsWait ? "work waited for inside a snapshot section" : "lock waited for inside a snapshot section");
        Tries(text, in attempt);
        text.AppendLine().AppendLine("but task is reading a snapshot: a reader waits for nobody.").AppendLine();
        End(text, in attempt);
        return new LockdepReport(LockdepReportKind.LockInSnapshot, text.ToString(), Sites(in attempt), isFirst);
    }

    public static LockdepReport Block(string what, in LockdepAttempt attempt)
    {
        StringBuilder text = Begin($"{what} inside a snapshot section");
        text.Append(CultureInfo.InvariantCulture, $"{attempt.Owner} is reading a snapshot: a reader waits for nobody.").AppendLine().AppendLine();
        End(text, in attempt);
        return new LockdepReport(LockdepReportKind.BlockInSnapshot, text.ToString(), Sites(in attempt), isFirst: true);
    }

    public static LockdepReport Nested(in LockdepAttempt attempt, bool isFirst)
    {
        StringBuilder text = Begin("lock asked for under another lock word");
        Tries(text, in attempt);
        text.AppendLine().AppendLine("but task holds a lock word already, and runs under exactly that.").AppendLine();
        End(text, in attempt);
        return new LockdepReport(LockdepReportKind.NestedWord, text.ToString(), Sites(in attempt), isFirst);
    }

    public static LockdepReport Leak(in LockdepAttempt attempt, bool isFirst)
    {
        StringBuilder text = Begin("lock held when its owner has returned");
        text.Append(CultureInfo.InvariantCulture, $"{attempt.Owner} is done, but still has locks held!").AppendLine().AppendLine();
        End(text, in attempt);
        return new LockdepReport(LockdepReportKind.Leak, text.ToString(), Sites(in attempt), isFirst);
    }

    public static LockdepReport Limit(LockdepReportKind kind, string what, in LockdepAttempt attempt)
    {
        StringBuilder text = Begin("a limit of lockdep was met");
        text.Append(what).AppendLine(".").AppendLine();
        Tries(text, in attempt);
        text.AppendLine();
        End(text, in attempt);
        return new LockdepReport(kind, text.ToString(), Sites(in attempt), isFirst: true);
    }

    private static LockdepSite[] Sites(in LockdepAttempt attempt)
    {
        var sites = new List<LockdepSite>();
        if (attempt.Wanted is not null)
            sites.Add(attempt.Site);
        foreach (ref readonly LockdepHeld held in attempt.Owner.Held)
            sites.Add(SiteOf(in held));
        return [.. sites];
    }

    private static StringBuilder Begin(string what)
    {
        var text = new StringBuilder();
        text.AppendLine(Heavy);
        text.Append("WARNING: ").AppendLine(what);
        text.Append(CultureInfo.InvariantCulture, $"SmallRtnl {typeof(LockdepReportWriter).Assembly.GetName().Version?.ToString(3)}, .NET {Environment.Version}").AppendLine();
        return text.AppendLine(Light);
    }

    private static void Tries(StringBuilder text, in LockdepAttempt attempt)
    {
        LockdepClass wanted = attempt.Wanted!;
        text.Append(CultureInfo.InvariantCulture, $"{attempt.Owner} is trying to {(wanted.IsWait ? "wait for" : "acquire lock")}:").AppendLine();
        Lock(text, wanted, attempt.Instance!, LockdepUse.None, attempt.Site);
    }

    private static void Lock(StringBuilder text, LockdepClass @class, object instance, LockdepUse use, LockdepSite site)
    {
        string how = (use & LockdepUse.Shared) != 0 ? " shared" : (use & LockdepUse.Try) != 0 && !@class.IsWait ? " by an attempt" : "";
        text.Append(CultureInfo.InvariantCulture, $"  ({@class}){Suffix(instance)}{how}, at: {site}").AppendLine();
    }

    /// <summary>The stacks that made each edge, the latest lock first: #0 is the one that is asked for now.</summary>
    private static void Chain(StringBuilder text, List<LockdepEdge> path, LockdepClass wanted, LockdepSite site, StackTrace? trace)
    {
        text.AppendLine("the existing dependency chain (in reverse order) is:");
        for (int i = path.Count; i > 0; i--)
        {
            LockdepEdge edge = path[i - 1];
            text.AppendLine();
            text.Append(CultureInfo.InvariantCulture, $"-> #{i} ({edge.To}), at: {edge.ToSite}").AppendLine();
            text.AppendLine(edge.Trace is null
                ? $"     which comes behind ({edge.From})"
                : $"     by {edge.Owner}, holding ({edge.From}), at: {edge.FromSite}");
            Frames(text, edge.Trace);
        }
        text.AppendLine();
        text.Append(CultureInfo.InvariantCulture, $"-> #0 ({wanted}), at: {site}").AppendLine();
        Frames(text, trace);
        text.AppendLine();
    }

    private static void Scenario(StringBuilder text, LockdepClass held, LockdepClass wanted, List<LockdepEdge> path)
    {
        if (path.Count > 1)
        {
            text.AppendLine("Chain exists of:");
            text.Append("  ").AppendJoin(" --> ", path.Select(static edge => edge.From.Name).Append(held.Name)).AppendLine().AppendLine();
        }
        text.AppendLine(" Possible unsafe locking scenario:").AppendLine();
        text.AppendLine("       CPU0                    CPU1");
        text.AppendLine("       ----                    ----");
        Row(text, 0, Verb(held, isHeld: true));
        // Who holds the last lock before ours and wants it; with one edge that is the new lock itself.
        LockdepClass last = path[^1].From;
        Row(text, 1, Verb(last, isHeld: true));
        Row(text, 1, Verb(held));
        Row(text, 0, Verb(wanted));
        text.AppendLine().AppendLine(" *** DEADLOCK ***").AppendLine();
    }

    private static void End(StringBuilder text, in LockdepAttempt attempt)
    {
        Held(text, attempt.Owner);
        if (attempt.Owner.OuterOf(attempt.Call) is { Count: > 0 } outer)
            Held(text, outer);
        text.AppendLine().AppendLine("stack backtrace:");
        Frames(text, attempt.Trace);
        text.AppendLine(Heavy);
    }

    private static void Held(StringBuilder text, LockdepOwner owner)
    {
        if (owner.Count == 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"no locks held by {owner}.").AppendLine();
            return;
        }
        text.Append(CultureInfo.InvariantCulture, $"{owner.Count} {(owner.Count == 1 ? "lock" : "locks")} held by {owner}:").AppendLine();
        for (int i = 0; i < owner.Count; i++)
        {
            LockdepHeld held = owner.Held[i];
            text.Append(CultureInfo.InvariantCulture, $" #{i}:");
            Lock(text, held.Class, held.Instance, held.Use, SiteOf(in held));
        }
    }

    private static void Row(StringBuilder text, int cpu, string what) => text.Append(' ', cpu == 0 ? 2 : 31).AppendLine(what);

    private static string Verb(LockdepClass @class, bool isHeld = false) =>
        @class.IsWait ? $"{(isHeld ? "work of" : "wait for")}({@class});" : $"lock({@class});";

    private static string Named(LockdepClass @class, object instance) => @class.IsWait ? Verb(@class) : $"lock({@class}{Suffix(instance)});";

    private static string Suffix(object instance) => instance switch
    {
        Net net => $" {net}",
        LockClass { Label: { } label } => $" {label}",
        _ => "",
    };

    private static void Frames(StringBuilder text, StackTrace? trace)
    {
        bool ours = true;
        int written = 0;
        foreach (StackFrame frame in trace?.GetFrames() ?? [])
        {
            if (DiagnosticMethodInfo.Create(frame) is not { } method)
                continue;
            // The checker's own frames say nothing.
            ours &= IsOurs(method) && method.DeclaringTypeName?.Contains(nameof(Lockdep), StringComparison.Ordinal) == true;
            if (ours || IsPlumbing(method))
                continue;
            if (++written > MaxFrames)
                return;
            text.Append(CultureInfo.InvariantCulture, $"       {method.DeclaringTypeName}.{method.Name}");
            if (frame.GetFileName() is { } file)
                text.Append(CultureInfo.InvariantCulture, $" in {file}:line {frame.GetFileLineNumber()}");
            text.AppendLine();
        }
    }

    private static bool IsOurs(DiagnosticMethodInfo method) => new AssemblyName(method.DeclaringAssemblyName).Name == s_framework;

    private static bool IsPlumbing(DiagnosticMethodInfo method) =>
        method.DeclaringTypeName is { } type
        && (type.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) || type.StartsWith("System.Threading.", StringComparison.Ordinal) || type.StartsWith("System.Reflection.", StringComparison.Ordinal));

    /// <summary>The member as its author named it, not as the compiler did: behind a state machine, a lambda or a local function.</summary>
    private static string? MemberOf(StackFrame frame)
    {
        if (DiagnosticMethodInfo.Create(frame) is not { } method)
            return null;
        string name = method.Name == "MoveNext" ? method.DeclaringTypeName ?? method.Name : method.Name;
        int local = name.LastIndexOf(LocalFunction, StringComparison.Ordinal), bar = name.LastIndexOf('|');
        if (local >= 0 && bar > local)
            return name[(local + LocalFunction.Length)..bar];
        int open = name.LastIndexOf('<'), close = name.LastIndexOf('>');
        return open >= 0 && close > open + 1 ? name[(open + 1)..close] : name;
    }
}
