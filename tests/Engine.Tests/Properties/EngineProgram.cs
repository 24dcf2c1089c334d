using SmallRtnl.Engine.Tests.Exploration;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>A small program whose every schedule must keep a property. A task that never ends is a failure of its own.</summary>
public sealed record EngineProgram(string Name, Action<Scheduler, IEngine> Build)
{
    /// <summary>A program bound to the engine as it is.</summary>
    public Action<Scheduler> On(IEngine engine) => scheduler => Build(scheduler, engine);

    public override string ToString() => Name;
}
