// ==== wrong: an asynchronous handler under a weaker word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await Task.Yield();
        _count++; // RTNL101
        return RtnlResult.Ok;
    }
}

// ==== right: an asynchronous handler keeps its lock across awaits
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await Task.Yield();
        _count++;
        await HelpAsync();
        return RtnlResult.Ok;
    }
    private async Task HelpAsync()
    {
        await Task.Yield();
        _count--;
    }
}

// ==== wrong: a helper for which nobody waits
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _ = HelpAsync();
        return RtnlResult.Ok;
    }
    private async Task HelpAsync()
    {
        await Task.Yield();
        _count--; // RTNL101
    }
}

// ==== wrong: an asynchronous lambda that is stored
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    private Func<Task>? _later;
    [DoIt(PerNet)]
    public RtnlResult New(in Request request)
    {
        _later = async () => { await Task.Yield(); _count++; }; // RTNL101
        return RtnlResult.Ok;
    }
    [DoIt(PerNet)]
    public RtnlResult Delete(in Request request) => _later is null ? RtnlResult.Ok : RtnlResult.Error(Errno.EBUSY);
}

// ==== wrong: await foreach over an iterator
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(Unlocked)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await foreach (int number in Numbers())
            GC.KeepAlive(number);
        return RtnlResult.Ok;
    }
    private async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return _count; // RTNL101
    }
}

// ==== right: await foreach under the word
public sealed class H
{
    [GuardedBy(PerNet)] private int _count;
    [DoIt(PerNet)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await foreach (int number in Numbers())
            GC.KeepAlive(number);
        return RtnlResult.Ok;
    }
    private async IAsyncEnumerable<int> Numbers()
    {
        await Task.Yield();
        yield return _count;
    }
}

// ==== wrong: an awaiter of one's own
public sealed class H
{
    [GuardedBy(PerNet)] internal int _count;
    [DoIt(Unlocked)]
    public async ValueTask<RtnlResult> New(Request request)
    {
        await new Turn(this);
        return RtnlResult.Ok;
    }
}
public readonly struct Turn(H owner) : System.Runtime.CompilerServices.INotifyCompletion
{
    public Turn GetAwaiter() => this;
    public bool IsCompleted => true;
    public void OnCompleted(Action continuation) => continuation();
    public void GetResult() => owner._count++; // RTNL101 by H.New → Turn.GetResult → H._count
}
