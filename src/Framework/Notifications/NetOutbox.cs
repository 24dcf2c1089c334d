namespace SmallRtnl;

/// <summary>
/// A namespace's notifications in the order in which its state changed. Appended under the namespace's RTNL, delivered after it is
/// gone by one drainer at a time; when <see cref="Drain"/> returns, everything appended before has reached the receivers' queues.
/// </summary>
internal sealed class NetOutbox(Net net)
{
    private readonly Lock _appendSync = new();
    private readonly Lock _drainSync = new();
    private List<StagedNotification> _pending = [];
    private List<StagedNotification> _draining = [];
    private bool _again;

    public void Append(in StagedNotification notification)
    {
        lock (_appendSync)
            _pending.Add(notification);
    }

    public void Drain()
    {
        if (_drainSync.IsHeldByCurrentThread)
        {
            // A receiver's callback has sent a request of its own: the loop that called it delivers what came of that.
            _again = true;
            return;
        }
        lock (_drainSync)
        {
            do
            {
                _again = false;
                lock (_appendSync)
                    (_pending, _draining) = (_draining, _pending);
                try
                {
                    foreach (StagedNotification notification in _draining)
                        Deliver(in notification);
                }
                finally
                {
                    // Whatever happened on the way, nothing is delivered, or released, twice.
                    _draining.Clear();
                }
            }
            while (_again);
        }
    }

    private void Deliver(in StagedNotification notification)
    {
        net.Groups.Deliver(notification.Group, notification.Datagram, notification.Echo, notification.Echo?.PortId ?? 0);
        net.Registry.AllNsidListeners.Deliver(net, notification.Group, notification.Datagram, notification.Echo);
        notification.Echo?.Enqueue(notification.Datagram, group: 0);
        notification.Datagram.Release();
    }
}
