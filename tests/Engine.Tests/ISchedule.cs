namespace SmallRtnl.Engine.Tests;

/// <summary>Decides at each scheduling point which of the tasks that can run goes on.</summary>
public interface ISchedule
{
    /// <summary>Chooses.</summary>
    /// <param name="current">The task that runs; -1 where it has ended or cannot go on.</param>
    /// <param name="runnable">The tasks that can run, in ascending order.</param>
    int Choose(int current, ReadOnlySpan<int> runnable);
}

/// <summary>One program of the model: tasks that use the engine, and what must hold in the end. Implemented by the compiled model.</summary>
public interface IModelProgram
{
    /// <summary>The program's name.</summary>
    string Name { get; }

    /// <summary>Runs it once under a schedule.</summary>
    /// <returns>What went wrong; null where nothing did.</returns>
    string? Run(ISchedule schedule);
}
