using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SmallRtnl;

/// <summary>A request as its handler sees it: the parsed message, its namespace, and what may be done with them.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <remarks>The message points into the request's buffer, which lives until the handler has completed.</remarks>
public readonly struct DoItRequest<T>
    where T : struct, INetlinkMessage<T>
{
    private readonly RequestContext _context;
    private readonly T _message;

    /// <summary>For generated code.</summary>
    public DoItRequest(RequestContext context, in T message)
    {
        _context = context;
        _message = message;
    }

    /// <summary>The message, where it lies: it may be large.</summary>
    [UnscopedRef]
    public ref readonly T Message => ref _message;

    /// <summary>nlmsghdr.</summary>
    public NetlinkHeader Header => _context.Header;

    /// <summary>The modifier flags.</summary>
    public NetlinkFlags Flags => _context.Header.Flags;

    /// <summary>The namespace of the socket that the request came in on.</summary>
    public Net Net => _context.Net;

    /// <summary>The owner of the locks.</summary>
    public RtnlContext Context => _context;

    /// <summary>Whether a lock is held; false while an <see cref="RtnlLock.Unlocked"/> handler runs for the first time.</summary>
    public bool IsLocked => _context.IsLocked;

    /// <summary>Whether the sender asked for strict checking (NETLINK_GET_STRICT_CHK).</summary>
    public bool IsStrict => _context.IsStrict;

    /// <summary>The namespace's published state: the version that was current when the handler began.</summary>
    public NetSnapshot Snapshot => _context.SnapshotOf(_context.Net);

    /// <summary>A subsystem's state in the request's namespace, with what this request has staged.</summary>
    public TState Read<TState>()
        where TState : class => _context.Read<TState>(_context.Net);

    /// <summary>A subsystem's state in a namespace.</summary>
    public TState Read<TState>(Net net)
        where TState : class => _context.Read<TState>(net);

    /// <summary>Stages new state in the request's namespace.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Stage<TState>(TState state)
        where TState : class => _context.Stage(_context.Net, state);

    /// <summary>Stages new state in a namespace of the request's set.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Stage<TState>(Net net, TState state)
        where TState : class => _context.Stage(net, state);

    /// <summary>Parses the context's message into the request itself, where it stays.</summary>
    internal static bool TryParse(RequestContext context, in NetlinkPayload payload, out DoItRequest<T> request)
    {
        // A read-only struct is written once, here.
        Unsafe.SkipInit(out request);
        Unsafe.AsRef(in request._context) = context;
        return T.TryParse(in payload, context.Extack, out Unsafe.AsRef(in request._message));
    }

    /// <summary>The same, by the message's <see cref="GetRules"/>.</summary>
    internal static bool TryParseByRules(RequestContext context, in NetlinkPayload payload, out DoItRequest<T> request)
    {
        Unsafe.SkipInit(out request);
        Unsafe.AsRef(in request._context) = context;
        return context.TryParseByRules(in payload, out Unsafe.AsRef(in request._message));
    }

    /// <summary>Answers with a message of the same object's NEW type.</summary>
    /// <returns>Success, to be returned by the handler.</returns>
    public RtnlResult Reply(in T message) => Reply(T.NewType, in message);

    /// <summary>Answers with a message of the type given.</summary>
    public RtnlResult Reply<TReply>(RtmType type, in TReply message)
        where TReply : struct, INetlinkMessage<TReply>
    {
        _context.AddReply(type, in message);
        return RtnlResult.Ok;
    }

    /// <summary>Notifies a group of the request's namespace of what this request's own message type says (NEW or DEL).</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Notify(int group, in T message) =>
        _context.Notify(_context.Net, group, (((ushort)_context.Header.RtmType) & 3) == 1 ? T.NewType + 1 : T.NewType, in message);

    /// <summary>Notifies a group of the request's namespace.</summary>
    [RequiresLock(RtnlLock.PerNet)]
    public void Notify<TNotification>(int group, RtmType type, in TNotification message, NetlinkFlags flags = NetlinkFlags.None)
        where TNotification : struct, INetlinkMessage<TNotification> => _context.Notify(_context.Net, group, type, in message, flags);

    /// <summary>Notifies a group of a namespace of the request's set.</summary>
    [RequiresLock(RtnlLock.PerNet, Net = nameof(net))]
    public void Notify<TNotification>(Net net, int group, RtmType type, in TNotification message, NetlinkFlags flags = NetlinkFlags.None)
        where TNotification : struct, INetlinkMessage<TNotification> => _context.Notify(net, group, type, in message, flags);

    /// <summary>Runs an action once all locks are gone, if the request succeeds.</summary>
    public void Defer([RequiresLock(RtnlLock.Unlocked)] Action action) => _context.Defer(action);

    /// <summary>Runs an action under another namespace's own RTNL once this request's locks are gone, if the request succeeds.</summary>
    public void Post(Net net, [RequiresLock(RtnlLock.PerNet, Net = nameof(net))] Action<RtnlContext> action) => _context.Post(net, action);

    /// <summary>Sends a text with the ACK although the request succeeds (a warning).</summary>
    public void Warn(string message) => _context.Extack.Say(message);
}
