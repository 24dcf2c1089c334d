using static SmallRtnl.NetlinkFlags;
using static SmallRtnl.Tests.Dispatch.ThingType;

namespace SmallRtnl.Tests.Dispatch;

/// <summary>What a GET may say is declared with its message, and the framework holds every request to it, in order.</summary>
public sealed class GetRulesTests : IDisposable
{
    private readonly TestHost _host = new();
    private readonly NetlinkClient _client;

    public GetRulesTests() => _client = NetlinkClient.Open(_host.Dispatcher, _host.Create("a"));

    public void Dispose()
    {
        _client.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 0, 0 })]
    public async Task A_doit_with_a_header_that_is_cut_short_is_refused_whoever_asks(byte[] header)
    {
        var refused = new NetlinkAck(Errno.EINVAL, "thing: short header", 0);
        Assert.Equal(refused, await AskAsync(isStrict: true, header));
        Assert.Equal(refused, await AskAsync(isStrict: false, header));
    }

    [Theory]
    [InlineData(new byte[] { 0, 1, 1, 0, 4, 0, 99, 0 }, "thing: A is no 32", 0)]
    [InlineData(new byte[] { 0, 0, 1, 0, 4, 0, 99, 0 }, "thing: B is no 0", 0)]
    [InlineData(new byte[] { 0, 0, 0, 0, 4, 0, 99, 0, 8, 0, 3, 0, 0, 0, 0, 0 }, "Unknown attribute type", 20)]
    [InlineData(new byte[] { 0, 0, 0, 0, 4, 0, 3, 0, 8, 0, 1, 0, 0, 0, 0, 0 }, "thing: a value needs 32", 0)]
    [InlineData(new byte[] { 0, 32, 0, 0, 8, 0, 1, 0, 0, 0, 0, 0, 4, 0, 3, 0 }, "thing: no such filter", 28)]
    public async Task A_strict_request_is_refused_for_the_first_thing_that_is_wrong_and_a_lenient_one_for_none(byte[] body, string text, int offset)
    {
        Assert.Equal(new NetlinkAck(Errno.EINVAL, text, offset), await AskAsync(isStrict: true, body));
        Assert.Null(await AskAsync(isStrict: false, body));
    }

    [Fact]
    public async Task A_lenient_dump_that_cannot_be_read_counts_as_one_that_says_nothing()
    {
        _client.Socket.SetOption(NetlinkSocketOption.NETLINK_GET_STRICT_CHK, 0);
        // THING_COMMAND = Fail, and behind it the same attribute of one byte.
        byte[] body = [0, 0, 0, 0, 8, 0, 2, 0, 1, 0, 0, 0, 5, 0, 2, 0, 1, 0, 0, 0];
        await _client.SendBytesAsync(Request(RTM_GETTHING, NLM_F_DUMP, body));
        Assert.Equal((ushort)RTM_NEWTHING, (await _client.ReceiveAsync()).Header.Type);
    }

    private static byte[] Request(RtmType type, NetlinkFlags flags, byte[] body)
    {
        byte[] bytes = new byte[16 + body.Length];
        BitConverter.TryWriteBytes(bytes, bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(4), (ushort)type);
        BitConverter.TryWriteBytes(bytes.AsSpan(6), (ushort)(NLM_F_REQUEST | flags));
        body.CopyTo(bytes, 16);
        return bytes;
    }

    /// <returns>The refusal; null for an answer.</returns>
    private async Task<NetlinkAck?> AskAsync(bool isStrict, byte[] body)
    {
        _client.Socket.SetOption(NetlinkSocketOption.NETLINK_GET_STRICT_CHK, isStrict ? 1 : 0);
        await _client.SendBytesAsync(Request(RTM_GETTHING, None, body));
        NetlinkMessage answer = await _client.ReceiveAsync();
        return answer.Header.Type == NetlinkControlType.NLMSG_ERROR ? answer.ParseAck() : null;
    }
}
