namespace SmallRtnl.Tests.Notifications;

public sealed class NotifierChainTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly Devices _devices = new();
    private readonly NotifierChain<DeviceEvent, string> _chain;
    private readonly RtnlContext _context = RtnlContext.Create();
    private readonly Net _a;
    private readonly Net _b;

    public NotifierChainTests()
    {
        _chain = new NotifierChain<DeviceEvent, string>(_devices);
        _a = _host.Create("a");
        _b = _host.Create("b");
        _devices.Add(_a, "a0", up: true);
        _devices.Add(_a, "a1", up: false);
        _devices.Add(_b, "b0", up: true);
    }

    internal enum DeviceEvent
    {
        [LockClass(RtnlLock.PerNet)]
        Register = 0,

        [LockClass(RtnlLock.PerNet)]
        Up = 1,

        [LockClass(RtnlLock.PerNet)]
        Down = 2,

        [LockClass(RtnlLock.PerNet)]
        Unregister = 3,

        [LockClass(RtnlLock.Rtnl)]
        FeatureChange = 4,
    }

    internal enum Unclassified
    {
        [LockClass(RtnlLock.PerNet)]
        Known = 0,
        Forgotten = 1,
    }

    public void Dispose()
    {
        _context.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void An_event_is_refused_without_the_word_of_its_class()
    {
        Assert.Throws<RtnlAssertionException>(() => _chain.Raise(_context, _a, DeviceEvent.Up, "a0"));
        using (_b.Lock(_context))
            Assert.Throws<RtnlAssertionException>(() => _chain.Raise(_context, _a, DeviceEvent.Up, "a0"));
        using (_a.Lock(_context))
        {
            _chain.Raise(_context, _a, DeviceEvent.Up, "a0");
            Assert.Throws<RtnlAssertionException>(() => _chain.Raise(_context, _a, DeviceEvent.FeatureChange, "a0"));
        }
        using (_host.Gate.Lock(_context))
        {
            _chain.Raise(_context, _a, DeviceEvent.FeatureChange, "a0");
            _chain.Raise(_context, _a, DeviceEvent.Up, "a0");
        }
    }

    [Fact]
    public void An_enum_with_a_member_without_a_class_makes_no_chain()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => new NotifierChain<Unclassified, string>(new NoReplay()));
        Assert.Contains("Unclassified.Forgotten", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_namespaces_chain_hears_first_and_its_stop_skips_the_global_one()
    {
        var order = new List<string>();
        var own = new Recorder("own", order);
        var global = new Recorder("global", order);
        Register(global);
        using (_a.Lock(_context))
            Assert.True(_chain.TryRegister(_context, _a, own));
        order.Clear();
        using (_a.Lock(_context))
            _chain.Raise(_context, _a, DeviceEvent.Up, "a1");
        using (_b.Lock(_context))
            _chain.Raise(_context, _b, DeviceEvent.Down, "b0");
        Assert.Equal(["own Up a1", "global Up a1", "global Down b0"], order);

        own.StopAt = "a1";
        order.Clear();
        using (_a.Lock(_context))
            Assert.Equal(NotifierVerdict.Stop, _chain.Raise(_context, _a, DeviceEvent.Down, "a1"));
        Assert.Equal(["own Down a1"], order);
    }

    [Fact]
    public void A_newcomer_hears_what_it_has_missed_and_a_leaver_the_reverse()
    {
        var order = new List<string>();
        var notifier = new Recorder("n", order);
        using (_a.Lock(_context))
            Assert.True(_chain.TryRegister(_context, _a, notifier));
        Assert.Equal(["n Register a0", "n Up a0", "n Register a1"], order);
        order.Clear();
        using (_a.Lock(_context))
            _chain.Unregister(_context, _a, notifier);
        Assert.Equal(["n Down a0", "n Unregister a0", "n Unregister a1"], order);
        order.Clear();
        using (_a.Lock(_context))
            _chain.Raise(_context, _a, DeviceEvent.Up, "a0");
        Assert.Empty(order);
    }

    [Fact]
    public void A_newcomer_that_refuses_in_a_later_namespace_is_taken_back_from_the_earlier_ones()
    {
        var order = new List<string>();
        var notifier = new Recorder("n", order) { StopAt = "b0" };
        using (_host.Gate.Lock(_context))
            Assert.False(_chain.TryRegister(_context, _host.Registry, notifier));
        Assert.Equal(
            ["n Register a0", "n Up a0", "n Register a1", "n Register b0", "n Down b0", "n Unregister b0", "n Down a0", "n Unregister a0", "n Unregister a1"],
            order);
        order.Clear();
        using (_a.Lock(_context))
            _chain.Raise(_context, _a, DeviceEvent.Up, "a0");
        Assert.Empty(order);
    }

    [Fact]
    public void Registering_needs_the_lock_of_the_chain()
    {
        var notifier = new Recorder("n", []);
        Assert.Throws<RtnlAssertionException>(() => _chain.TryRegister(_context, _a, notifier));
        using (_a.Lock(_context))
            Assert.Throws<RtnlAssertionException>(() => _chain.TryRegister(_context, _host.Registry, notifier));
    }

    private void Register(Recorder notifier)
    {
        using (_host.Gate.Lock(_context))
            Assert.True(_chain.TryRegister(_context, _host.Registry, notifier));
    }

    private sealed class Recorder(string name, List<string> order) : INotifier<DeviceEvent, string>
    {
        public string? StopAt { get; set; }

        public NotifierVerdict OnEvent(RtnlContext context, Net net, DeviceEvent what, string device)
        {
            order.Add($"{name} {what} {device}");
            return device == StopAt ? NotifierVerdict.Stop : NotifierVerdict.Continue;
        }
    }

    private sealed class Devices : INotifierReplay<DeviceEvent, string>
    {
        private readonly List<(Net Net, string Name, bool Up)> _all = [];

        public void Add(Net net, string name, bool up) => _all.Add((net, name, up));

        public IEnumerable<(DeviceEvent What, string Device)> Arrivals(RtnlContext context, Net net)
        {
            foreach ((_, string name, bool up) in _all.Where(device => device.Net == net))
            {
                yield return (DeviceEvent.Register, name);
                if (up)
                    yield return (DeviceEvent.Up, name);
            }
        }

        public IEnumerable<(DeviceEvent What, string Device)> Departures(RtnlContext context, Net net)
        {
            foreach ((_, string name, bool up) in _all.Where(device => device.Net == net))
            {
                if (up)
                    yield return (DeviceEvent.Down, name);
                yield return (DeviceEvent.Unregister, name);
            }
        }
    }

    private sealed class NoReplay : INotifierReplay<Unclassified, string>
    {
        public IEnumerable<(Unclassified What, string Device)> Arrivals(RtnlContext context, Net net) => [];

        public IEnumerable<(Unclassified What, string Device)> Departures(RtnlContext context, Net net) => [];
    }
}
