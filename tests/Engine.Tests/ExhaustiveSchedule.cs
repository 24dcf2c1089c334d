namespace SmallRtnl.Engine.Tests;

/// <summary>
/// Every schedule with at most so many pre-emptions, one after another, depth first: call <see cref="MoveNext"/> between runs. A switch from a
/// task that cannot go on is no pre-emption.
/// </summary>
internal sealed class ExhaustiveSchedule(int maxPreemptions) : ISchedule
{
    private readonly List<(int Option, int Count)> _path = [];
    private int _depth;
    private int _preemptions;

    /// <summary>Goes to the next schedule.</summary>
    /// <returns>False once all have been seen.</returns>
    public bool MoveNext()
    {
        _depth = 0;
        _preemptions = 0;
        while (_path.Count > 0)
        {
            (int option, int count) = _path[^1];
            if (option + 1 < count)
            {
                _path[^1] = (option + 1, count);
                return true;
            }
            _path.RemoveAt(_path.Count - 1);
        }
        return false;
    }

    public int Choose(int current, ReadOnlySpan<int> runnable)
    {
        bool canGoOn = current >= 0 && runnable.Contains(current);
        int count = canGoOn && _preemptions == maxPreemptions ? 1 : runnable.Length;
        if (_depth == _path.Count)
            _path.Add((0, count));
        int option = _path[_depth++].Option;
        if (!canGoOn)
            return runnable[option];
        if (option == 0)
            return current;
        _preemptions++;
        // The others, in order.
        int at = 0;
        foreach (int task in runnable)
        {
            if (task != current && ++at == option)
                return task;
        }
        throw new InvalidOperationException("The program is not deterministic.");
    }
}
