using SmallRtnl.Engine.Tests;

namespace SmallRtnl;

/// <summary>Runs tasks one at a time, each on a thread of its own, and lets a schedule choose at every step that others can see.</summary>
internal sealed class Scheduler
{
    private const int MaxSteps = 20_000;

    [System.ThreadStatic]
    private static Scheduler? t_current;

    [System.ThreadStatic]
    private static int t_task;

    private readonly ISchedule _schedule;
    private readonly System.Threading.SemaphoreSlim[] _turns;
    private readonly System.Func<bool>?[] _blocked;
    private readonly bool[] _ended;
    private readonly System.Threading.SemaphoreSlim _finished = new(0);
    private int _steps;
    private volatile string? _failure;
    private volatile bool _abandoned;

    private Scheduler(ISchedule schedule, int tasks)
    {
        _schedule = schedule;
        _turns = new System.Threading.SemaphoreSlim[tasks];
        _blocked = new System.Func<bool>?[tasks];
        _ended = new bool[tasks];
        for (int i = 0; i < tasks; i++)
            _turns[i] = new System.Threading.SemaphoreSlim(0);
    }

    public static int CurrentTask => t_task;

    public static string? Run(ISchedule schedule, System.Action[] tasks)
    {
        var scheduler = new Scheduler(schedule, tasks.Length);
        for (int i = 0; i < tasks.Length; i++)
            Worker.Start(scheduler, i, tasks[i]);
        scheduler.SwitchFrom(-1);
        scheduler._finished.Wait();
        return scheduler._failure;
    }

    /// <summary>A step that others can see is about to be taken.</summary>
    public static void Point()
    {
        if (t_current is { } scheduler)
            scheduler.Yield();
    }

    /// <summary>Goes on only once the condition holds.</summary>
    public static void BlockUntil(System.Func<bool> condition)
    {
        Scheduler scheduler = t_current!;
        scheduler._blocked[t_task] = condition;
        scheduler.Yield();
        scheduler._blocked[t_task] = null;
    }

    public static void Fail(string what)
    {
        t_current!._failure ??= what;
        throw new AbandonedException();
    }

    private void RunTask(int task, System.Action body)
    {
        t_current = this;
        t_task = task;
        _turns[task].Wait();
        try
        {
            if (!_abandoned)
                body();
        }
        catch (AbandonedException)
        {
        }
        catch (System.Exception exception)
        {
            _failure ??= exception.ToString();
        }
        t_current = null;
        _ended[task] = true;
        SwitchFrom(-1);
    }

    private void Yield()
    {
        int task = t_task;
        if (_abandoned)
            throw new AbandonedException();
        SwitchFrom(task);
        if (_abandoned)
            throw new AbandonedException();
    }

    private void SwitchFrom(int current)
    {
        System.Span<int> runnable = stackalloc int[_turns.Length];
        int count = 0;
        bool alive = false;
        for (int i = 0; i < _turns.Length; i++)
        {
            alive |= !_ended[i];
            if (!_ended[i] && (_abandoned || _blocked[i] is not { } condition || condition()))
                runnable[count++] = i;
        }
        if (!alive)
        {
            _finished.Release();
            return;
        }
        if (!_abandoned && (count == 0 || _failure is not null || ++_steps > MaxSteps))
        {
            _failure ??= count == 0 ? "Nobody can go on: a wake-up was lost, or a deadlock." : "It does not end.";
            _abandoned = true;
            count = 0;
            for (int i = 0; i < _turns.Length; i++)
            {
                if (!_ended[i])
                    runnable[count++] = i;
            }
        }
        int next = _abandoned ? runnable[0] : _schedule.Choose(current, runnable[..count]);
        if (next == current)
            return;
        _turns[next].Release();
        if (current >= 0)
            _turns[current].Wait();
    }

    private sealed class AbandonedException : System.Exception
    {
    }

    /// <summary>Threads are kept from run to run: making one costs more than a whole run.</summary>
    private sealed class Worker
    {
        private static readonly System.Collections.Concurrent.ConcurrentBag<Worker> s_idle = [];

        private readonly System.Threading.SemaphoreSlim _work = new(0);
        private (Scheduler Scheduler, int Task, System.Action Body) _next;

        public static void Start(Scheduler scheduler, int task, System.Action body)
        {
            if (!s_idle.TryTake(out Worker? worker))
            {
                worker = new Worker();
                new System.Threading.Thread(worker.Loop) { IsBackground = true }.Start();
            }
            worker._next = (scheduler, task, body);
            worker._work.Release();
        }

        private void Loop()
        {
            while (true)
            {
                _work.Wait();
                (Scheduler scheduler, int task, System.Action body) = _next;
                scheduler.RunTask(task, body);
                s_idle.Add(this);
            }
        }
    }
}
