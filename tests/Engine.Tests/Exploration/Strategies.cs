using System.Globalization;

namespace SmallRtnl.Engine.Tests.Exploration;

/// <summary>Decides, schedule after schedule, who goes on.</summary>
internal abstract class Strategy
{
    /// <summary>Begins a schedule.</summary>
    /// <returns>False where none is left.</returns>
    public virtual bool Begin() => true;

    /// <param name="enabled">At least two, in order of id.</param>
    /// <param name="running">The one that would go on without a pre-emption; null where it cannot.</param>
    public abstract LogicalTask ChooseTask(List<LogicalTask> enabled, LogicalTask? running);

    public abstract int ChooseValue(int count);
}

/// <summary>Any task at any step, or, every other schedule, a change of task at one step in eight.</summary>
internal sealed class RandomStrategy(ulong seed, bool sticky = false) : Strategy
{
    private SplitMix _random = new(seed);

    public override LogicalTask ChooseTask(List<LogicalTask> enabled, LogicalTask? running) =>
        sticky && running is not null && _random.Next(8) != 0 ? running : enabled[_random.Next(enabled.Count)];

    public override int ChooseValue(int count) => _random.Next(count);
}

/// <summary>
/// Probabilistic concurrency testing: tasks have random priorities, and at a few random steps the one that runs falls behind all others. Finds a
/// bug that needs d changes of task with a known least probability.
/// </summary>
internal sealed class PriorityStrategy : Strategy
{
    private const int TypicalSteps = 120;

    private readonly int[] _changes;
    private SplitMix _random;
    private int _step;
    private int _lowest;

    public PriorityStrategy(ulong seed, int depth)
    {
        _random = new SplitMix(seed);
        _changes = new int[depth];
        for (int i = 0; i < depth; i++)
            _changes[i] = _random.Next(TypicalSteps);
    }

    public override LogicalTask ChooseTask(List<LogicalTask> enabled, LogicalTask? running)
    {
        _step++;
        LogicalTask best = enabled[0];
        foreach (LogicalTask task in enabled)
        {
            if (task.Priority == 0)
                task.Priority = 1 + _random.Next(1 << 20);
            if (task.Priority > best.Priority)
                best = task;
        }
        if (Array.IndexOf(_changes, _step) < 0)
            return best;
        best.Priority = --_lowest;
        return enabled.MaxBy(task => task.Priority)!;
    }

    public override int ChooseValue(int count) => _random.Next(count);
}

/// <summary>Every schedule with at most so many pre-emptions, depth first. Where the running task cannot go on, any choice is free.</summary>
internal sealed class ExhaustiveStrategy(int preemptions) : Strategy
{
    private readonly List<Decision> _path = [];
    private int _depth;
    private int _spent;

    public override bool Begin()
    {
        bool first = _depth == 0 && _path.Count == 0;
        _depth = _spent = 0;
        if (first)
            return true;
        while (_path.Count > 0)
        {
            Decision last = _path[^1];
            _path.RemoveAt(_path.Count - 1);
            if (last.Taken + 1 < last.Options)
            {
                _path.Add(last with { Taken = last.Taken + 1 });
                return true;
            }
        }
        return false;
    }

    public override LogicalTask ChooseTask(List<LogicalTask> enabled, LogicalTask? running)
    {
        if (running is null)
            return enabled[Decide(enabled.Count)];
        if (_spent == preemptions)
            return running;
        int choice = Decide(enabled.Count);
        if (choice == 0)
            return running;
        _spent++;
        // The others in order, the running one left out.
        int at = choice - 1;
        return enabled[at < enabled.IndexOf(running) ? at : at + 1];
    }

    public override int ChooseValue(int count) => Decide(count);

    private int Decide(int options)
    {
        if (_depth == _path.Count)
            _path.Add(new Decision(options, 0));
        else if (_path[_depth].Options != options)
            throw new InvalidOperationException("The program is not deterministic: a schedule's prefix did not repeat.");
        return _path[_depth++].Taken;
    }

    private readonly record struct Decision(int Options, int Taken);
}

/// <summary>A recorded schedule once more: task ids, values behind a v, repetitions behind an asterisk.</summary>
internal sealed class ReplayStrategy : Strategy
{
    private readonly Queue<int> _choices = new();

    public ReplayStrategy(string schedule)
    {
        foreach (string word in schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = word.Split('*');
            int choice = parts[0][0] == 'v' ? -1 - int.Parse(parts[0][1..], CultureInfo.InvariantCulture) : int.Parse(parts[0], CultureInfo.InvariantCulture);
            for (int i = parts.Length == 1 ? 1 : int.Parse(parts[1], CultureInfo.InvariantCulture); i > 0; i--)
                _choices.Enqueue(choice);
        }
    }

    public override LogicalTask ChooseTask(List<LogicalTask> enabled, LogicalTask? running)
    {
        // What fails at its last step may decide once more while it reports.
        if (!_choices.TryDequeue(out int id))
            return running ?? enabled[0];
        return enabled.Find(task => task.Id == id) ?? throw new InvalidOperationException("The schedule is not one of this program.");
    }

    public override int ChooseValue(int count) => _choices.TryDequeue(out int choice) ? -1 - choice : 0;
}

/// <summary>A small generator whose whole state is its seed.</summary>
internal struct SplitMix(ulong seed)
{
    private ulong _state = seed;

    public int Next(int below) => (int)(((UInt128)Next() * (ulong)below) >> 64);

    private ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
