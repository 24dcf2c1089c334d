using SmallRtnl.Handlers.Tests.Links;
using SmallRtnl.NetIds;

namespace SmallRtnl.Handlers.Tests.NetIds;

public sealed class NetIdTests : IDisposable
{
    private readonly LinkTestHost _host = new();
    private readonly LinkClient _a;
    private readonly LinkClient _b;

    public NetIdTests()
    {
        _a = _host.CreateNet("a");
        _b = _host.CreateNet("b");
        _a.Netlink.Socket.AddNetHandle(7, _b.Net);
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task An_id_is_assigned_once_and_announced()
    {
        _a.Listen();
        Assert.True((await AssignAsync(new NetIdMessage { NetnsId = 5, File = 7 })).IsOk);
        Assert.Equal("RTM_NEWNSID 5", _a.Heard());
        Assert.Equal("5", await _a.NetIdsAsync());
        Assert.Equal("Peer netns already has a nsid assigned", (await AssignAsync(new NetIdMessage { NetnsId = 6, File = 7 })).Message);
    }

    [Fact]
    public async Task A_negative_id_means_the_lowest_free_one()
    {
        _a.Netlink.Socket.AddNetHandle(8, _host.CreateNet("c").Net);
        await AssignAsync(new NetIdMessage { NetnsId = 0, File = 7 });
        Assert.Equal("The specified nsid is already used", (await AssignAsync(new NetIdMessage { NetnsId = 0, File = 8 })).Message);
        Assert.True((await AssignAsync(new NetIdMessage { NetnsId = -1, File = 8 })).IsOk);
        Assert.Equal("0 1", await _a.NetIdsAsync());
    }

    [Fact]
    public async Task A_request_that_names_nothing_or_nobody_is_refused()
    {
        Assert.Equal("nsid is missing", (await AssignAsync(new NetIdMessage { File = 7 })).Message);
        Assert.Equal("Peer netns reference is missing", (await AssignAsync(new NetIdMessage { NetnsId = 1 })).Message);
        Assert.Equal("Peer netns reference is invalid", (await AssignAsync(new NetIdMessage { NetnsId = 1, File = 99 })).Message);
    }

    [Fact]
    public async Task An_id_is_looked_up_by_file_by_id_and_in_another_namespace()
    {
        Assert.Equal(-1, (await GetAsync(new NetIdMessage { File = 7 })).Message.NetnsId);
        await AssignAsync(new NetIdMessage { NetnsId = 3, File = 7 });
        Assert.Equal(3, (await GetAsync(new NetIdMessage { File = 7 })).Message.NetnsId);
        Assert.Equal(3, (await GetAsync(new NetIdMessage { NetnsId = 3 })).Message.NetnsId);
        Assert.Equal(Errno.ENOENT, (await GetAsync(new NetIdMessage { NetnsId = 4 })).Ack.Errno);
        NetIdMessage there = (await GetAsync(new NetIdMessage { File = 7, TargetNetnsId = 3 })).Message;
        Assert.Equal((-1, 3), (there.NetnsId, there.CurrentNetnsId));
    }

    private Task<NetlinkAck> AssignAsync(NetIdMessage message) => _a.Netlink.RequestAsync(RtmType.RTM_NEWNSID, NetlinkFlags.None, message);

    private Task<(NetlinkAck Ack, NetIdMessage Message)> GetAsync(NetIdMessage message) => _a.Netlink.GetAsync(RtmType.RTM_GETNSID, message);
}
