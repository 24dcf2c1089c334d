using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace SmallRtnl;

/// <summary>
/// What a request wants to happen: new state by namespace, notifications in order, and what follows once its locks are gone. All of it
/// happens or none of it. Reused with its context; allocates only what the state itself must keep.
/// </summary>
internal sealed class Staging(RtnlContext owner)
{
    private readonly List<StagedNet> _nets = [];
    private readonly List<StagedNotification> _notifications = [];
    private readonly List<Net> _outboxes = [];
    private readonly List<Action<RtnlContext>> _onCommit = [];
    private readonly List<Action> _deferred = [];
    private readonly List<(Net Net, Action<RtnlContext> Action)> _posts = [];
    private bool _committed;

    /// <summary>Whether everything has been published and <see cref="RunAfter"/> has something to do.</summary>
    public bool IsCommitted => _committed;

    public bool TryGetSlots(Net net, [NotNullWhen(true)] out object?[]? slots)
    {
        foreach (ref readonly StagedNet staged in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nets))
        {
            if (ReferenceEquals(staged.Net, net))
            {
                slots = staged.Slots;
                return true;
            }
        }
        slots = null;
        return false;
    }

    public object?[] SlotsFor(Net net)
    {
        if (!TryGetSlots(net, out object?[]? slots))
        {
            slots = net.Snapshot.CopySlots();
            _nets.Add(new StagedNet(net, slots));
        }
        return slots;
    }

    /// <summary>Whether anybody listens to a namespace's group, there or by its id.</summary>
    public static bool IsHeard(Net net, int group) => net.HasListeners(group) || net.Registry.AllNsidListeners.HasListeners(group);

    public void Notify<T>(Net net, int group, RtmType type, in T message, NetlinkFlags flags, NetlinkSocket? echo, uint portId, uint sequence)
        where T : struct, INetlinkMessage<T>
    {
        // As rtnl_notify_needed: nobody listens and nobody wants an echo, so nothing is built.
        if (echo is null && !IsHeard(net, group))
            return;
        _notifications.Add(new StagedNotification(net, group, Datagram.Build(type, flags, sequence, portId, in message), echo));
    }

    public void OnCommit(Action<RtnlContext> action) => _onCommit.Add(action);

    public void Defer(Action action) => _deferred.Add(action);

    public void Post(Net net, Action<RtnlContext> action) => _posts.Add((net, action));

    public void Commit()
    {
        for (int i = 0; i < _onCommit.Count; i++)
            _onCommit[i](owner);
        _onCommit.Clear();
        foreach (StagedNet staged in _nets)
        {
            RtnlAssert.NetHeld(staged.Net, owner);
            staged.Net.Publish(staged.Slots);
        }
        _nets.Clear();
        foreach (StagedNotification notification in _notifications)
        {
            notification.Net.Outbox.Append(notification);
            if (!_outboxes.Contains(notification.Net))
                _outboxes.Add(notification.Net);
        }
        _notifications.Clear();
        _committed = true;
    }

    public void Rollback()
    {
        _onCommit.Clear();
        _nets.Clear();
        foreach (StagedNotification notification in _notifications)
            notification.Datagram.Release();
        _notifications.Clear();
        _deferred.Clear();
        _posts.Clear();
    }

    /// <summary>All of it happens, whatever a deferred action throws: the owner is reused, and must not carry a request's leftovers into the next.</summary>
    /// <exception cref="Exception">The first that a deferred action threw, once everything has run.</exception>
    public void RunAfter()
    {
        if (!_committed)
            return;
        _committed = false;
        foreach (Net net in _outboxes)
            net.Outbox.Drain();
        _outboxes.Clear();
        foreach ((Net net, Action<RtnlContext> action) in _posts)
            net.Posts.Post(action);
        _posts.Clear();
        if (_deferred.Count > 0)
            RunDeferred();
    }

    private void RunDeferred()
    {
        Action[] deferred = [.. _deferred];
        _deferred.Clear();
        ExceptionDispatchInfo? first = null;
        foreach (Action action in deferred)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                first ??= ExceptionDispatchInfo.Capture(exception);
            }
        }
        first?.Throw();
    }

    private readonly record struct StagedNet(Net Net, object?[] Slots);
}

/// <summary>A notification built under the lock, on its way to an outbox.</summary>
/// <param name="Net">The namespace whose group it goes to.</param>
/// <param name="Group">The multicast group's number.</param>
/// <param name="Datagram">The message, owned.</param>
/// <param name="Echo">The requester, where it asked for NLM_F_ECHO: it gets a copy of its own, group or not.</param>
internal readonly record struct StagedNotification(Net Net, int Group, Datagram Datagram, NetlinkSocket? Echo);
