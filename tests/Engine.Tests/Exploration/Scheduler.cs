using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Tasks.Sources;

namespace SmallRtnl.Engine.Tests.Exploration;

/// <summary>
/// Runs the logical tasks of one program one at a time and decides at each atomic step who goes on. A logical task has a thread of its own and runs
/// only while it has the baton, so a schedule is nothing but the list of decisions, and the same list gives the same run.
/// </summary>
/// <remarks>
/// One schedule at a time. After a failure the scheduler is of no further use: whatever its tasks do next throws, until their threads have ended.
/// </remarks>
public sealed class Scheduler(int core) : IDisposable
{
    private const int MaxSteps = 20_000;
    private static readonly TimeSpan s_unwinding = TimeSpan.FromSeconds(2);

    [ThreadStatic]
    private static Worker? t_worker;

    private readonly List<LogicalTask> _tasks = [];
    private readonly List<LogicalTask> _enabled = [];
    private readonly List<Action> _atEnd = [];
    private readonly List<Worker> _workers = [];
    private readonly Stack<Worker> _idle = new();
    private readonly Dictionary<object, LogicalMonitor> _monitors = new(ReferenceEqualityComparer.Instance);
    private readonly Baton _main = new();
    private readonly StringBuilder _schedule = new();
    private Strategy _strategy = new RandomStrategy(0);
    private string? _failure;
    private volatile bool _over;
    private List<string>? _trace;
    private readonly int _core = core;
    private int _lastId;
    private int _steps;
    private int _lastChoice;
    private int _repeats;

    /// <summary>The scheduler that runs the calling thread; null on a thread that no schedule controls.</summary>
    public static Scheduler? Current => t_worker?.Scheduler;

    /// <summary>The logical task that has the baton.</summary>
    internal static LogicalTask CurrentTask => t_worker?.Task ?? throw new InvalidOperationException("No logical task runs here.");

    /// <summary>Steps taken in the schedule so far.</summary>
    public int Steps => _steps;

    /// <summary>How many cores tasks seem to run on: each question is a decision.</summary>
    public int Cores { get; set; }

    /// <summary>The decisions so far, for <see cref="ReplayStrategy"/>.</summary>
    internal string Schedule
    {
        get
        {
            FlushChoice();
            return _schedule.ToString();
        }
    }

    internal IReadOnlyList<string> Trace => _trace ?? [];

    /// <summary>An atomic step of the task that runs: whoever the strategy names goes on first.</summary>
    public static void Step([CallerMemberName] string what = "", int line = 0)
    {
        Worker? worker = t_worker;
        worker?.Scheduler.StepOf(worker, what, line);
    }

    /// <summary>Fails the schedule unless something holds.</summary>
    public static void Check(bool condition, string otherwise)
    {
        if (!condition)
            throw new PropertyViolatedException(otherwise);
    }

    /// <summary>Fails the schedule from where an exception would be swallowed.</summary>
    public static void FailWith(string message)
    {
        if (Current is not { } scheduler)
            throw new PropertyViolatedException(message);
        scheduler.Fail($"{CurrentTask.Name}: {message}");
    }

    /// <summary>Waits for a value task without a thread of its own.</summary>
    public static void Await(ValueTask task)
    {
        if (!task.IsCompleted && Current is { } scheduler)
        {
            LogicalTask me = CurrentTask;
            bool done = false;
            ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter awaiter = task.ConfigureAwait(false).GetAwaiter();
            awaiter.UnsafeOnCompleted(() => done = true);
            scheduler.BlockUntil(() => done, "a value task");
            awaiter.GetResult();
            return;
        }
        Check(task.IsCompleted, "Something has to wait where no schedule runs.");
        task.GetAwaiter().GetResult();
    }

    /// <summary>Waits for a value task's result without a thread of its own.</summary>
    public static T Await<T>(ValueTask<T> task)
    {
        if (task.IsCompleted)
            return task.GetAwaiter().GetResult();
        Task<T> whole = task.AsTask();
        Await(whole);
        return whole.GetAwaiter().GetResult();
    }

    /// <summary>Waits for a task, which may have many who wait: all but one of their continuations would run on a thread that no schedule controls.</summary>
    public static void Await(Task task)
    {
        if (Current is { } scheduler)
            scheduler.BlockUntil(() => task.IsCompleted, "a task");
        Check(task.IsCompleted, "Something has to wait where no schedule runs.");
        task.GetAwaiter().GetResult();
    }

    /// <summary>Adds a logical task; it may run at once.</summary>
    public void Spawn(string name, Action body)
    {
        ThrowIfOver();
        _tasks.Add(new LogicalTask(++_lastId, name, body));
    }

    /// <summary>Checks something when all tasks have finished.</summary>
    public void AtEnd(Action check) => _atEnd.Add(check);

    /// <summary>A decision among several values, the strategy's like those about tasks.</summary>
    public int Choose(int count)
    {
        ThrowIfOver();
        int choice = count <= 1 ? 0 : _strategy.ChooseValue(count);
        if (count > 1)
            Note(-1 - choice);
        return choice;
    }

    /// <summary>Ends its threads.</summary>
    public void Dispose()
    {
        _over = true;
        foreach (Worker worker in _workers)
            worker.Baton.Signal();
        foreach (Worker worker in _workers)
            worker.End(s_unwinding);
        _main.Dispose();
    }

    /// <summary>Lets others run until a condition holds.</summary>
    internal void BlockUntil(Func<bool> condition, string what)
    {
        LogicalTask me = CurrentTask;
        if (condition())
            return;
        me.WaitsFor = condition;
        me.WaitsForWhat = what;
        StepOf(t_worker!, "waits for " + what, 0);
    }

    internal void EnterMonitor(object owner, int line)
    {
        Worker worker = t_worker!;
        StepOf(worker, "Monitor.Enter", line);
        if (!_monitors.TryGetValue(owner, out LogicalMonitor? monitor))
            _monitors.Add(owner, monitor = new LogicalMonitor());
        LogicalTask me = worker.Task!;
        if (monitor.Owner != me && monitor.Owner is not null)
            BlockUntil(() => monitor.Owner is null, "a monitor");
        monitor.Owner = me;
        monitor.Depth++;
    }

    internal void ExitMonitor(object owner)
    {
        LogicalMonitor monitor = _monitors[owner];
        if (--monitor.Depth == 0)
            monitor.Owner = null;
    }

    /// <summary>Runs one schedule of a program to its end.</summary>
    /// <returns>What went wrong; null where nothing did.</returns>
    internal string? Run(Action<Scheduler> program, Strategy strategy, bool trace = false)
    {
        _strategy = strategy;
        _tasks.Clear();
        _monitors.Clear();
        _atEnd.Clear();
        _schedule.Clear();
        _trace = trace ? [] : null;
        Cores = 2;
        _steps = _lastId = _repeats = 0;
        try
        {
            program(this);
            LogicalTask? first = Next(null);
            if (first is not null)
            {
                Resume(first);
                _main.Wait();
            }
            if (_failure is not null)
                return _failure;
            foreach (Action check in _atEnd)
                check();
            return null;
        }
        catch (Exception exception)
        {
            return $"at the end: {exception.Message}";
        }
    }

    private static string Describe(LogicalTask task) => $"{task.Name} waits for {task.WaitsForWhat}";

    private void StepOf(Worker worker, string what, int line)
    {
        if (_over && what == nameof(IValueTaskSource.OnCompleted))
            return;
        ThrowIfOver();
        LogicalTask me = worker.Task!;
        if (++_steps > MaxSteps)
            Fail("No end after " + MaxSteps.ToString(CultureInfo.InvariantCulture) + " steps: a livelock.");
        _trace?.Add(line == 0 ? $"{me.Name}: {what}" : string.Create(CultureInfo.InvariantCulture, $"{me.Name}: {what} (line {line})"));
        LogicalTask? next = Next(me);
        if (next == me)
            return;
        if (next is null)
            Fail("Deadlock or lost wake-up: " + string.Join(", ", _tasks.Select(Describe)) + ".");
        Resume(next);
        worker.Baton.Wait();
        // Out of the hooking up of a continuation an exception would reach the thread pool, not the task: that ends at its next step.
        if (what != nameof(IValueTaskSource.OnCompleted))
            ThrowIfOver();
    }

    /// <summary>Who goes on; null where nobody can.</summary>
    private LogicalTask? Next(LogicalTask? running)
    {
        _enabled.Clear();
        bool runningEnabled = false;
        foreach (LogicalTask task in _tasks)
        {
            if (task.WaitsFor is { } condition)
            {
                if (!condition())
                    continue;
            }
            runningEnabled |= task == running;
            _enabled.Add(task);
        }
        if (_enabled.Count == 0)
            return null;
        LogicalTask next = _enabled[0];
        if (_enabled.Count > 1)
        {
            next = _strategy.ChooseTask(_enabled, runningEnabled ? running : null);
            Note(next.Id);
        }
        next.WaitsFor = null;
        return next;
    }

    private void Resume(LogicalTask task)
    {
        if (task.Worker is null)
        {
            task.Worker = _idle.TryPop(out Worker? idle) ? idle : CreateWorker();
            task.Worker.Task = task;
        }
        task.Worker.Baton.Signal();
    }

    private Worker CreateWorker()
    {
        var worker = new Worker(this);
        _workers.Add(worker);
        return worker;
    }

    private void Finished(Worker worker)
    {
        ThrowIfOver();
        _tasks.Remove(worker.Task!);
        worker.Task = null;
        _idle.Push(worker);
        if (_tasks.Count == 0)
        {
            _main.Signal();
            return;
        }
        LogicalTask? next = Next(null);
        if (next is null)
            Fail("Deadlock or lost wake-up: " + string.Join(", ", _tasks.Select(Describe)) + ".");
        Resume(next);
    }

    /// <summary>Ends the schedule, and the task that runs.</summary>
    [DoesNotReturn]
    private void Fail(string message)
    {
        End(message);
        throw new ScheduleOverException();
    }

    /// <summary>Ends the schedule: only the first failure counts, what follows comes of it.</summary>
    private void End(string message)
    {
        if (_over)
            return;
        _failure = message;
        _over = true;
        _main.Signal();
    }

    private void ThrowIfOver()
    {
        if (_over)
            throw new ScheduleOverException();
    }

    private void Note(int choice)
    {
        if (_repeats > 0 && choice == _lastChoice)
        {
            _repeats++;
            return;
        }
        FlushChoice();
        _lastChoice = choice;
        _repeats = 1;
    }

    private void FlushChoice()
    {
        if (_repeats == 0)
            return;
        if (_schedule.Length > 0)
            _schedule.Append(' ');
        _schedule.Append(_lastChoice < 0 ? $"v{-1 - _lastChoice}" : _lastChoice.ToString(CultureInfo.InvariantCulture));
        if (_repeats > 1)
            _schedule.Append('*').Append(_repeats);
        _repeats = 0;
    }

    private sealed class LogicalMonitor
    {
        public LogicalTask? Owner { get; set; }

        public int Depth { get; set; }
    }

    /// <summary>A thread that lends itself to one logical task after another.</summary>
    internal sealed class Worker
    {
        private readonly Thread _thread;

        public Worker(Scheduler scheduler)
        {
            Scheduler = scheduler;
            _thread = new Thread(Loop, maxStackSize: 512 * 1024) { IsBackground = true, Name = "explorer" };
            _thread.Start();
        }

        public Scheduler Scheduler { get; }

        public Baton Baton { get; } = new();

        public LogicalTask? Task { get; set; }

        /// <summary>Waits for the thread, whose baton nobody signals any more.</summary>
        public void End(TimeSpan limit)
        {
            if (_thread.Join(limit))
                Baton.Dispose();
        }

        private void Loop()
        {
            t_worker = this;
            Core.Pin(Scheduler._core);
            while (true)
            {
                Baton.Wait();
                if (Scheduler._over)
                    return;
                try
                {
                    Task!.Body();
                    Scheduler.Finished(this);
                }
                catch (ScheduleOverException)
                {
                    return;
                }
                catch (Exception exception)
                {
                    Scheduler.End($"{Task!.Name}: {(exception is PropertyViolatedException ? exception.Message : exception.ToString())}");
                    return;
                }
            }
        }
    }
}

/// <summary>Unwinds a task of a schedule that is over.</summary>
internal sealed class ScheduleOverException : Exception;

/// <summary>One flow of control of a program under exploration, or a work item that the engine queued.</summary>
internal sealed class LogicalTask(int id, string name, Action body)
{
    public int Id { get; } = id;

    public string Name { get; } = name;

    public Action Body { get; } = body;

    public Scheduler.Worker? Worker { get; set; }

    public Func<bool>? WaitsFor { get; set; }

    public string? WaitsForWhat { get; set; }

    /// <summary>For strategies that rank tasks; 0 until ranked.</summary>
    public int Priority { get; set; }
}

/// <summary>A property of the engine does not hold.</summary>
public sealed class PropertyViolatedException : Exception
{
    public PropertyViolatedException()
    {
    }

    public PropertyViolatedException(string message)
        : base(message)
    {
    }

    public PropertyViolatedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
