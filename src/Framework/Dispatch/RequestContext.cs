using System.ComponentModel;

namespace SmallRtnl;

/// <summary>
/// The owner behind a request that came in on a socket, with what the generated thunks need. Pooled: one serves many requests, one
/// after another.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Advanced)]
public sealed class RequestContext : RtnlContext
{
    private readonly List<INetObject> _watched = [];
    private readonly List<Net> _watchedNets = [];
    private readonly List<Datagram> _replies = [];
    private NetlinkHeader _header;
    private ReadOnlyMemory<byte> _message;
    private DumpSession? _dump;
    private ValueTask<RtnlResult> _pending;
    private RtnlSynchronizationContext? _synchronization;
    private LockDetour? _detour;
    // The thread that the request came in on, until it first waits: then it may go on on another.
    private ThreadNote? _thread;
    private readonly bool _isThreads;
    private bool _isRented;

    /// <param name="isThreads">It belongs to a thread, which finds it by itself.</param>
    internal RequestContext(bool isThreads = false) => _isThreads = isThreads;

    /// <summary>The dispatcher's. Where each thread keeps a context, it serves whichever dispatcher comes next.</summary>
    internal LockDetour? Detour
    {
        get => _detour;
        set
        {
            if (_detour != value)
                _detour = value;
        }
    }

    /// <summary>nlmsghdr.</summary>
    public NetlinkHeader Header => _header;

    /// <summary>The namespace of the sender's socket.</summary>
    public Net Net { get; private set; } = null!;

    /// <summary>The error text and offset under construction.</summary>
    public Extack Extack { get; } = new();

    /// <summary>The namespaces a resolve method names.</summary>
    public NetSet Nets { get; } = new();

    /// <summary>The message's family, its first byte behind nlmsghdr.</summary>
    public ProtocolFamily Family { get; private set; }

    /// <summary>Whether strict checking applies: a GET on a socket with NETLINK_GET_STRICT_CHK.</summary>
    public bool IsStrict { get; private set; }

    internal NetlinkSocket? Socket { get; private set; }

    internal NetlinkFlags Flags => _header.Flags;

    internal bool DumpFiltered { get; set; }

    internal bool DumpEndFiltered { get; set; }

    internal RtnlResult DumpFailure { get; set; }

    internal RtnlGate Gate => Net.Registry.Gate;

    internal int HeaderSize { get; private set; }

    internal List<Datagram> Replies => _replies;

    internal ReadOnlyMemory<byte> MessageBytes => _message;

    internal override NetlinkSocket? EchoSocket => (Header.Flags & NetlinkFlags.NLM_F_ECHO) != 0 ? Socket : null;

    internal override string DescribeOwner() =>
        Socket is { } socket && socket.Dispatcher.InfoOf(this) is { } info ? $"{info.Method} ({Header.RtmType}, namespace {Net})" : $"The handler of {Header.RtmType} (namespace {Net})";

    internal override uint NotifyPortId => Socket?.PortId ?? 0;

    internal override uint NotifySequence => Header.Sequence;

    /// <summary>Parses the request's message. On failure the reason is in <see cref="Extack"/>; see <see cref="Refuse"/>.</summary>
    public bool TryParse<T>(out T message)
        where T : struct, INetlinkMessage<T>
    {
        NetlinkPayload payload = Payload<T>();
        if (NeedsRules<T>(in payload))
            return TryParseByRules(in payload, out message);
        return T.TryParse(in payload, Extack, out message);
    }

    /// <summary>Parses a doit's message. On failure the reason is in <see cref="Extack"/>; see <see cref="Refuse"/>.</summary>
    public bool TryParse<T>(out DoItRequest<T> request)
        where T : struct, INetlinkMessage<T>
    {
        NetlinkPayload payload = Payload<T>();
        if (!NeedsRules<T>(in payload))
        {
            if (DoItRequest<T>.TryParse(this, in payload, out request))
                return true;
            // What is refused may be what the family does not judge.
            if ((_header.Type & 3) != 2)
                return false;
            Extack.Reset();
        }
        return DoItRequest<T>.TryParseByRules(this, in payload, out request);
    }

    /// <summary>The result for a message that could not be parsed.</summary>
    public RtnlResult Refuse() => RtnlResult.Error(Extack.Errno == Errno.None ? Errno.EINVAL : Extack.Errno, Extack.Message);

    /// <summary>Begins one attempt at resolving: forgets what an earlier one found.</summary>
    public void BeginResolve()
    {
        _watched.Clear();
        _watchedNets.Clear();
        Nets.Reset(Net);
    }

    /// <summary>
    /// Whether the sender may configure every namespace that the resolve method named, whatever its role, beside the request's own, of which the message's
    /// operation has been asked already (<c>netlink_ns_capable</c>, as <c>rtnl_link_get_net_capable</c> has it).
    /// </summary>
    public bool MayConfigureNets(out RtnlResult refusal)
    {
        refusal = RtnlResult.Ok;
        if (Socket is not { } sender)
            return true;
        for (int i = 0; i < Nets.Nets.Count && refusal.IsOk; i++)
        {
            Net named = Nets.Nets[i];
            if (!ReferenceEquals(named, Net) && !sender.IsCapable(named))
                refusal = RtnlResult.Error(Errno.EPERM);
        }
        return refusal.IsOk;
    }

    /// <summary>Lock = Rtnl.</summary>
    public ValueTask LockRtnlAsync()
    {
        ValueTask locking = AcquireRtnlAsync(Gate, CancellationToken.None);
        return Awaited(_detour is null ? locking : _detour.HoldAsync(locking));
    }

    /// <summary>Lock = Rtnl, if nothing is in the way.</summary>
    /// <returns>Whether it is held; where not, <see cref="LockRtnlAsync"/> takes it.</returns>
    public bool TryLockRtnl() => _detour is null && !Lockdep.IsEnabled && TryAcquireRtnl(Gate);

    /// <summary>Lock = PerNet, the request's own namespace, if nothing is in the way.</summary>
    /// <returns>Whether it is held; where not, <see cref="LockNetAsync"/> takes it.</returns>
    public bool TryLockNet() => _detour is null && (TryAcquireFreeNet(Net) || (Gate.Mode != RtnlMode.PerNet && !Lockdep.IsEnabled && TryAcquireNets(new NetLockSet(Net))));

    /// <summary>Lock = PerNet, the request's own namespace.</summary>
    public ValueTask LockNetAsync()
    {
        if (_detour is not null)
            return _detour.TakesRtnl(this) ? LockRtnlAsync() : Awaited(_detour.HoldAsync(AcquireNetAsync(Net, CancellationToken.None)));
        return Awaited(AcquireNetAsync(Net, CancellationToken.None));
    }

    /// <summary>Lock = PerNet, every namespace that the resolve method named.</summary>
    public ValueTask LockNetsAsync()
    {
        if (_detour is not null)
            return _detour.TakesRtnl(this) ? LockRtnlAsync() : Awaited(_detour.HoldAsync(AcquireNetsAsync(in Nets.Nets, CancellationToken.None)));
        return Awaited(AcquireNetsAsync(in Nets.Nets, CancellationToken.None));
    }

    /// <summary>Lock = Unlocked: pins the namespace's present version.</summary>
    public void BeginSnapshot() => PinSnapshot(Net);

    /// <summary>Whether everything that Resolve found is still where it was, and every namespace alive.</summary>
    public bool IsStillResolved()
    {
        for (int i = 0; i < _watched.Count; i++)
        {
            if (!ReferenceEquals(_watched[i].Net, _watchedNets[i]))
                return false;
        }
        return true;
    }

    /// <summary>Whether a namespace of the set died while the request waited for it.</summary>
    public bool HasDeadNet()
    {
        for (int i = 0; i < Nets.Nets.Count; i++)
        {
            if (Nets.Nets[i].IsDead)
                return true;
        }
        return false;
    }

    /// <summary>Publishes on success, drops everything on an error or a retry. Called under the lock.</summary>
    /// <param name="result">What the handler returned.</param>
    /// <param name="mayRunAgain">The first run of a handler with a fallback: it may ask for it.</param>
    /// <exception cref="InvalidOperationException">The handler asked for a lock and has it already, or names no fallback.</exception>
    public RtnlResult Complete(RtnlResult result, bool mayRunAgain = false)
    {
        if (result.IsOk)
            Commit();
        else
            Drop(result, mayRunAgain);
        return result;
    }

    /// <summary>The result of a thunk that may have to wait: the task's own where it has completed.</summary>
    public RtnlResult FinishLater(ValueTask<RtnlResult> running)
    {
        if (running.IsCompletedSuccessfully)
            return running.Result;
        _pending = running;
        return RtnlResult.Pending;
    }

    /// <summary>Drops everything the handler staged, replies included.</summary>
    public void Abandon()
    {
        Rollback();
        foreach (Datagram reply in _replies)
            reply.Release();
        _replies.Clear();
    }

    /// <summary>Asserts the RTNL of every namespace of the set.</summary>
    public void AssertNetsHeld()
    {
        for (int i = 0; i < Nets.Nets.Count; i++)
            RtnlAssert.NetHeld(Nets.Nets[i], this);
    }

    /// <summary>Releases whatever is held.</summary>
    public void Unlock() => ReleaseLocks();

    /// <summary>Releases whatever is held, if anything is: a resolve method may have ended the request before a lock was taken.</summary>
    public void UnlockIfHeld()
    {
        if (HeldWord != HeldLock.None)
            ReleaseLocks();
    }

    /// <summary>Leaves the note by which assertions without an argument find this request.</summary>
    public RequestNote Enter() => new(_thread ?? ThreadNote.Here, this);

    /// <summary>Runs an asynchronous handler so that every continuation carries the note, whichever thread it runs on.</summary>
    public ValueTask<RtnlResult> RunAsync<TState>(TState state, Func<RequestContext, TState, ValueTask<RtnlResult>> handler)
    {
        _synchronization ??= new RtnlSynchronizationContext(this);
        return _synchronization.RunAsync(state, handler);
    }

    /// <summary>Starts a dump; its first chunk is filled by the dispatcher.</summary>
    public RtnlResult StartDump(DumpSession session)
    {
        _dump = session;
        return RtnlResult.Ok;
    }

    /// <summary>Takes the context for a request on the thread whose it is.</summary>
    /// <returns>False while another request has it.</returns>
    internal bool TryRent(ThreadNote thread)
    {
        if (Volatile.Read(ref _isRented))
            return false;
        _isRented = true;
        if (!ReferenceEquals(_thread, thread))
            _thread = thread;
        return true;
    }

    /// <summary>On the thread whose it is, when no request comes any more: what the last one left here is kept alive by it alone.</summary>
    internal void ForgetLast()
    {
        if (Volatile.Read(ref _isRented))
            return;
        Socket = null;
        Net = null!;
        _message = default;
        ForgetPinned();
    }

    /// <summary>Gives it back, on whichever thread.</summary>
    /// <returns>False where it belongs to none.</returns>
    internal bool TryReturn()
    {
        if (_isThreads)
            Volatile.Write(ref _isRented, false);
        return _isThreads;
    }

    internal void Begin(NetlinkSocket? socket, Net net, in NetlinkHeader header, ProtocolFamily family, ReadOnlyMemory<byte> message)
    {
        // Requests of one socket follow each other, in one buffer: a reference that is there already need not be written.
        if (!ReferenceEquals(Socket, socket))
            Socket = socket;
        if (!ReferenceEquals(Net, net))
            Net = net;
        if (!_message.Equals(message))
            _message = message;
        _header = header;
        Family = family;
        IsStrict = (header.Type & 3) == 2 && socket is { StrictCheck: true };
    }

    internal ValueTask<RtnlResult> TakePending()
    {
        ValueTask<RtnlResult> pending = _pending;
        _pending = default;
        return pending;
    }

    internal void AddReply<T>(RtmType type, in T message)
        where T : struct, INetlinkMessage<T> =>
        _replies.Add(Datagram.Build(type, NetlinkFlags.None, Header.Sequence, Socket?.PortId ?? 0, in message));

    internal void Watch(INetObject found)
    {
        _watched.Add(found);
        _watchedNets.Add(found.Net);
    }

    /// <summary>What waits has not been awaited yet, so nothing has gone on on another thread.</summary>
    private ValueTask Awaited(ValueTask locking)
    {
        if (!locking.IsCompletedSuccessfully)
            _thread = null;
        return locking;
    }

    private void Drop(RtnlResult result, bool mayRunAgain)
    {
        if (result.IsNeedsLock && !mayRunAgain)
            throw new InvalidOperationException($"The handler of {Header.RtmType} returned {nameof(RtnlResult.NeedsLock)}, but it names no fallback, or runs under it already.");
        Abandon();
    }

    private NetlinkPayload Payload<T>()
        where T : struct, INetlinkMessage<T>
    {
        HeaderSize = T.HeaderSize;
        return new NetlinkPayload(
            _message[NetlinkHeader.Size..],
            NetlinkHeader.Size,
            Family,
            IsStrict ? NetlinkValidation.DeprecatedStrict : NetlinkValidation.Liberal);
    }

    /// <summary>Whether more is asked of the message than its own policy; of the commonest GETs, doits that nobody checks strictly, it is not.</summary>
    private bool NeedsRules<T>(in NetlinkPayload payload)
        where T : struct, INetlinkMessage<T> =>
        (_header.Type & 3) == 2 && (IsStrict || (_header.Flags & NetlinkFlags.NLM_F_DUMP) != 0 || payload.Bytes.Length < T.HeaderSize || T.ChecksEveryGet);

    /// <summary>Parses a GET as its <see cref="GetRules"/> say, in the kernel's order: header, attributes' policies, attributes' meaning.</summary>
    internal bool TryParseByRules<T>(in NetlinkPayload payload, out T message)
        where T : struct, INetlinkMessage<T>
    {
        bool isDump = (_header.Flags & NetlinkFlags.NLM_F_DUMP) != 0;
        GetRules? rules = T.GetRulesOf(Family, isDump);
        bool isChecked = rules is null || rules.Strictness == GetStrictness.AsAsked ? IsStrict : rules.Strictness == GetStrictness.Always;
        if (payload.Bytes.Length < T.HeaderSize && (isChecked || !isDump))
        {
            message = default;
            return Extack.Fail(Errno.EINVAL, rules is { IsSilent: true } ? null : rules?.ShortHeader ?? NetlinkPolicy.InvalidHeaderLength);
        }
        if (isChecked && rules is null)
            return T.TryParse(in payload, Extack, out message);
        if (isChecked)
            return TryParseChecked(in payload, rules!, out message);
        NetlinkPayload lenient = payload with { Family = rules?.JudgedAs ?? payload.Family, Validation = NetlinkValidation.Liberal };
        if (isDump)
            return TryParseLenientDump(in lenient, rules?.LenientDump ?? LenientDump.Read, out message);
        return T.TryParse(in lenient, Extack, out message) || TryParseJudged(in lenient, rules, out message);
    }

    /// <summary>Parses again without the attributes that the family does not judge.</summary>
    private bool TryParseJudged<T>(in NetlinkPayload payload, GetRules? rules, out T message)
        where T : struct, INetlinkMessage<T>
    {
        message = default;
        if (rules is null || rules.Unjudged.IsEmpty)
            return false;
        byte[] bytes = payload.Bytes.ToArray();
        int start = Math.Min(NetlinkAlignment.Align(T.HeaderSize), bytes.Length);
        var attribute = new NetlinkAttributeReader(payload.Bytes[start..], start);
        bool found = false;
        while (attribute.Read())
        {
            if (!rules.Unjudged.Contains(attribute.Type))
                continue;
            // Number 0 is nobody's, and its place is kept.
            bytes.AsSpan(attribute.AttributeOffset + sizeof(ushort), sizeof(ushort)).Clear();
            found = true;
        }
        if (!found)
            return false;
        Extack.Reset();
        return T.TryParse(payload with { Bytes = bytes, Validation = payload.Validation & ~NetlinkValidation.MaxType }, Extack, out message);
    }

    private bool TryParseChecked<T>(in NetlinkPayload payload, GetRules rules, out T message)
        where T : struct, INetlinkMessage<T>
    {
        if (!rules.Accepts(payload.Bytes.Span, T.HeaderSize, Extack))
        {
            message = default;
            return false;
        }
        NetlinkPayload whole = payload with
        {
            Bytes = rules.IgnoresAttributes ? payload.Bytes[..T.HeaderSize] : payload.Bytes,
            Family = rules.JudgedAs ?? payload.Family,
            Validation = payload.Validation | NetlinkValidation.DeprecatedStrict,
        };
        if (T.TryParse(in whole, Extack, out message) || TryParseJudged(in whole, rules, out message))
            return rules.AcceptsAttributes(in whole, T.HeaderSize, Extack);
        if (rules.IsSilent)
            Extack.Silence();
        return false;
    }

    private bool TryParseLenientDump<T>(in NetlinkPayload payload, LenientDump lenient, out T message)
        where T : struct, INetlinkMessage<T>
    {
        int length = payload.Bytes.Length;
        bool isWhole = length >= T.HeaderSize;
        switch (lenient)
        {
            case LenientDump.Ignored:
                return T.TryParse(payload with { Bytes = payload.Bytes[..(isWhole ? T.HeaderSize : 1)], AllowShortHeader = true }, Extack, out message);
            case LenientDump.Whole:
                return T.TryParse(in payload, Extack, out message);
            case LenientDump.WholeAlone:
                return T.TryParse(isWhole ? payload with { Bytes = payload.Bytes[..T.HeaderSize] } : payload, Extack, out message);
            case LenientDump.Read:
                return T.TryParse(payload with { AllowShortHeader = true }, Extack, out message);
        }
        NetlinkPayload read = payload;
        if (!isWhole && lenient == LenientDump.ToleratedBehindFamily)
        {
            // The attributes where they would stand behind a header of zeros.
            int family = Math.Min(NetlinkAlignment.Align(1), length);
            var bytes = new byte[NetlinkAlignment.Align(T.HeaderSize) + length - family];
            bytes[0] = (byte)Family;
            payload.Bytes.Span[family..].CopyTo(bytes.AsSpan(NetlinkAlignment.Align(T.HeaderSize)));
            read = payload with { Bytes = bytes };
        }
        if (T.TryParse(in read, Extack, out message))
            return true;
        Extack.Tolerate();
        return T.TryParse(payload with { Bytes = payload.Bytes[..1], AllowShortHeader = true }, Extack, out message);
    }

    internal DumpSession? TakeDump()
    {
        DumpSession? dump = _dump;
        _dump = null;
        return dump;
    }

    /// <summary>Forgets what few requests have touched; the rest is overwritten.</summary>
    internal void Reset()
    {
        if (_watched.Count > 0)
        {
            _watched.Clear();
            _watchedNets.Clear();
        }
        if (Nets.Nets.Count > 0)
            Nets.Clear();
        if (Extack.IsUsed)
            Extack.Reset();
        if (Asker is not null)
            SentBy(null);
        if (RtnlStatistics.IsEnabled)
            Handler = null;
    }
}
