using static SmallRtnl.RtnlLock;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Dispatch;

/// <summary>An object of the tests' own, past RTM_MAX.</summary>
internal static class ThingType
{
    public const RtmType RTM_NEWTHING = (RtmType)128;
    public const RtmType RTM_DELTHING = (RtmType)129;
    public const RtmType RTM_GETTHING = (RtmType)130;
    public const RtmType RTM_SETTHING = (RtmType)131;
    public const ushort THING_VALUE = 1;
    public const ushort THING_COMMAND = 2;
    public const ushort THING_PADDING = 3;
    public const int THING_GROUP = 40;
}

internal enum ThingCommand : uint
{
    Succeed = 0,
    Fail = 1,
    Throw = 2,
    FailAfterStaging = 3,
    ThrowAfterStaging = 4,
    Notify = 5,
    Reply = 6,
    Warn = 7,
    Block = 8,
}

internal readonly record struct ThingHeader(ProtocolFamily Family, byte A, ushort B);

[NetlinkMessage(RTM_NEWTHING, Header = typeof(ThingHeader))]
internal readonly partial record struct ThingMessage
{
    private static readonly GetRules s_dump = new() { ShortHeader = "thing: short header for dump", LenientDump = LenientDump.Tolerated };

    private static readonly GetRules s_get = new()
    {
        ShortHeader = "thing: short header",
        Header =
        [
            HeaderCheck.Only(new ThingHeader(0, 0x20, ushort.MaxValue), "thing: A is no 32"),
            HeaderCheck.Only(new ThingHeader(0, byte.MaxValue, 0), "thing: B is no 0"),
        ],
        HeaderOfAttributes = [(ThingType.THING_VALUE, HeaderCheck.Any(new ThingHeader(0, 0x20, 0), "thing: a value needs 32"))],
        Attributes = [ThingType.THING_VALUE, ThingType.THING_COMMAND],
        UnsupportedAttribute = "thing: no such filter",
        PointsAtAttribute = true,
    };

    static GetRules? INetlinkMessage<ThingMessage>.GetRulesOf(ProtocolFamily family, bool isDump) => isDump ? s_dump : s_get;

    [NetlinkAttribute(THING_VALUE)]
    public int? Value { get; init; }

    [NetlinkAttribute(THING_COMMAND, Max = 100)]
    public uint? Command { get; init; }

    [NetlinkAttribute(THING_PADDING)]
    public NetlinkBytes? Padding { get; init; }
}

/// <summary>What a request did to the world it ran in, as the handlers saw it.</summary>
internal sealed class ThingHandlers
{
    public const int Rows = 100;

    /// <summary>Lets go of the requests that block their threads.</summary>
    public static ManualResetEventSlim Unblocked { get; } = new();

    [DoIt(RTM_NEWTHING, Lock = PerNet)]
    public RtnlResult New(in DoItRequest<ThingMessage> request)
    {
        RtnlAssert.NetHeld(request.Net);
        var command = (ThingCommand)(request.Message.Command ?? 0);
        if (command == ThingCommand.Fail)
            return RtnlResult.Error(Errno.EBUSY, "thing: it is busy", THING_COMMAND);
        if (command == ThingCommand.Throw)
            throw new InvalidOperationException("thing");
        if (command == ThingCommand.Block)
            Assert.True(Unblocked.Wait(Patience.Standard), "Nobody has unblocked the handler.");
        request.Stage(new Counter(request.Message.Value ?? (request.Read<Counter>().Value + 1)));
        if (command is ThingCommand.Notify or ThingCommand.FailAfterStaging)
            request.Notify(THING_GROUP, request.Message);
        if (command == ThingCommand.FailAfterStaging)
            return RtnlResult.Error(Errno.EIO);
        if (command == ThingCommand.ThrowAfterStaging)
            throw new InvalidOperationException("thing");
        if (command == ThingCommand.Warn)
            request.Warn("thing: mind the gap");
        return command == ThingCommand.Reply ? request.Reply(request.Message) : RtnlResult.Ok;
    }

    [DoIt(RTM_DELTHING)]
    public RtnlResult Delete(in DoItRequest<ThingMessage> request)
    {
        RtnlAssert.Held();
        request.Stage(new Counter(0));
        return RtnlResult.Ok;
    }

    [DoIt(Unlocked, Fallback = PerNet)]
    public RtnlResult Get(in DoItRequest<ThingMessage> request)
    {
        RtnlAssert.ReaderOrHeld(request.Net);
        // A command asks for the lock; what the first run answered must not be heard.
        if (request.Message.Command == 1)
        {
            request.Reply(new ThingMessage { Value = -1 });
            if (!request.IsLocked)
                return RtnlResult.NeedsLock;
        }
        return request.Reply(new ThingMessage { Value = request.Read<Counter>().Value, Command = request.IsLocked ? 1u : 0u });
    }

    /// <summary>Waits under its lock, as a driver that talks to hardware does.</summary>
    [DoIt(RTM_SETTHING, Lock = PerNet)]
    public async ValueTask<RtnlResult> Set(DoItRequest<ThingMessage> request)
    {
        int before = request.Read<Counter>().Value;
        await Task.Delay(5);
        // Not the thread that the handler began on, and still the owner's note.
        RtnlAssert.NetHeld(request.Net);
        if (request.Message.Command == (uint)ThingCommand.Throw)
            throw new InvalidOperationException("thing");
        request.Stage(new Counter(before + 1));
        return RtnlResult.Ok;
    }

    [DumpIt(Unlocked)]
    public IEnumerable<ThingMessage> Dump(DumpItRequest<ThingMessage> request)
    {
        if (request.Message.Command == (uint)ThingCommand.Fail)
        {
            request.Fail(Errno.EINVAL, "thing: no such dump");
            yield break;
        }
        int value = request.Snapshot.Get<Counter>().Value;
        try
        {
            for (int row = 0; row < Rows; row++)
                yield return new ThingMessage { Value = value, Command = (uint)row, Padding = new NetlinkBytes(new byte[1000]) };
        }
        finally
        {
            // What a handler gives back at its end may fail.
            End(request.Message.Command);
        }

        static void End(uint? command)
        {
            if (command == (uint)ThingCommand.Throw)
                throw new InvalidOperationException("thing");
        }
    }

    /// <summary>The same under a lock, with a cursor, for a family of its own.</summary>
    [DumpIt(RTM_GETTHING, Lock = PerNet, Family = ProtocolFamily.AF_INET, SplitDone = true)]
    public RtnlResult DumpLocked(in DumpItRequest<ThingMessage> request, ref DumpWriter<ThingMessage> writer)
    {
        RtnlAssert.NetHeld(request.Net);
        for (long row = request.Cursor; row < Rows; row++)
        {
            if (!writer.TryWrite(new ThingMessage { Value = request.Read<Counter>().Value, Command = (uint)row, Padding = new NetlinkBytes(new byte[1000]) }))
                return RtnlResult.Ok;
            writer.Cursor = row + 1;
        }
        return RtnlResult.Ok;
    }
}
