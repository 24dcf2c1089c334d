namespace SmallRtnl;

/// <summary>A request in its resolve phase: nothing is held, nothing can be staged.</summary>
/// <typeparam name="T">The message.</typeparam>
public readonly ref struct ResolveRequest<T>
    where T : struct, INetlinkMessage<T>
{
    private readonly RequestContext _context;
    private readonly ref readonly T _message;

    /// <summary>For generated code.</summary>
    public ResolveRequest(RequestContext context, in T message)
    {
        _context = context;
        _message = ref message;
    }

    /// <summary>The message, where it lies: it may be large.</summary>
    public ref readonly T Message => ref _message;

    /// <summary>nlmsghdr.</summary>
    public NetlinkHeader Header => _context.Header;

    /// <summary>The namespace of the socket that the request came in on.</summary>
    public Net Net => _context.Net;

    /// <summary>A subsystem's published state in a namespace. May be out of date by the time the locks are held.</summary>
    public TState Read<TState>(Net net)
        where TState : class => net.Snapshot.Get<TState>();

    /// <summary>The namespace that <paramref name="net"/> knows under an id; null where there is none.</summary>
    public Net? FindByNsid(Net net, int nsid) => Read<NsidTable>(net).Find(nsid);

    /// <summary>The namespace that the sender's socket opened as a file; null where it has no such file.</summary>
    public Net? FindByHandle(int handle) => _context.Socket?.FindNetHandle(handle);

    /// <summary>
    /// Notes that the handler relies on an object being where it is now: once the locks are held the thunk looks again, and resolves
    /// afresh if it has moved.
    /// </summary>
    public void Watch(INetObject found) => _context.Watch(found);

    /// <summary>A message inside an attribute, parsed with the request's extack; see <see cref="Refuse"/>.</summary>
    public bool TryParse<TSub>(NetlinkBytes payload, out TSub message)
        where TSub : struct, INetlinkMessage<TSub>
    {
        // Where the payload stands in the request, for the offset of what is wrong in it.
        int offset = _context.MessageBytes.Span.Overlaps(payload.Span, out int at) ? at : 0;
        return TSub.TryParse(new NetlinkPayload(payload.Memory, offset, ProtocolFamily.PF_UNSPEC, NetlinkValidation.Liberal), _context.Extack, out message);
    }

    /// <summary>The result for what <see cref="TryParse"/> could not parse.</summary>
    public RtnlResult Refuse() => _context.Refuse();
}
