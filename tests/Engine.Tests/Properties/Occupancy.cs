using SmallRtnl.Engine.Tests.Exploration;

namespace SmallRtnl.Engine.Tests.Properties;

/// <summary>Who is inside: whole of RTNL against everything, a namespace against itself.</summary>
internal sealed class Occupancy
{
    private readonly HashSet<int> _nets = [];
    private bool _rtnl;
    private int _shared;

    public void Rtnl()
    {
        Scheduler.Check(!_rtnl, "Two hold RTNL exclusively.");
        Scheduler.Check(_nets.Count == 0 && _shared == 0, "RTNL is granted exclusively while a namespace is held.");
        _rtnl = true;
        Scheduler.Step();
        _rtnl = false;
    }

    public void Shared()
    {
        Scheduler.Check(!_rtnl, "RTNL is entered shared while it is held exclusively.");
        _shared++;
        Scheduler.Step();
        _shared--;
    }

    public void Nets(params ReadOnlySpan<int> nets)
    {
        Scheduler.Check(!_rtnl, "A namespace is granted while RTNL is held exclusively.");
        foreach (int net in nets)
            Scheduler.Check(_nets.Add(net), "A namespace is held twice.");
        Scheduler.Step();
        foreach (int net in nets)
            _nets.Remove(net);
    }
}
