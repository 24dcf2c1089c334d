// ==== wrong: a delegate in a positional record, whose constructor nobody has written
internal sealed record Hooks(Action OnChange);
public sealed class H
{
    private int _count;
    private readonly Hooks _hooks;
    public H() => _hooks = new(() => _count++);
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request) // RTNL113
    {
        _hooks.OnChange();
        return RtnlResult.Ok;
    }
}

// ==== right: a delegate in a positional record that says what it needs
[RequiresLock(Unlocked)] public delegate void Change();
internal sealed record Hooks(Change OnChange);
public sealed class H
{
    private readonly Hooks _hooks = new(() => { });
    [DoIt(Unlocked)]
    public RtnlResult New(in Request request)
    {
        _hooks.OnChange();
        return RtnlResult.Ok;
    }
}
