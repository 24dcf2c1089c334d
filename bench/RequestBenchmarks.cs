using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Addresses;
using SmallRtnl.Links;
using static SmallRtnl.NetlinkFlags;
using static SmallRtnl.RtmType;

namespace SmallRtnl.Bench;

/// <summary>
/// A request in process, from received bytes to reply bytes. The memory column of the GETLINK get must be 0; that of the address pair must be
/// that of <see cref="StateOnly"/>, the same change made to the namespace's state without message, dispatch, lock words and reply.
/// </summary>
[MemoryDiagnoser]
public class RequestBenchmarks
{
    private const ushort IFA_ADDRESS = 1;
    private const ushort IFA_LOCAL = 2;
    private const ushort IFLA_EXT_MASK = 29;
    private const int Loopback = 1;

    private static readonly InetAddress s_address = InetAddress.Parse("10.1.2.3");
    private static readonly InterfaceName s_label = new("lo");

    private ServiceProvider _services = null!;
    private NetlinkSocket _socket = null!;
    private byte[] _newAddress = null!;
    private byte[] _deleteAddress = null!;
    private byte[] _refusedAddress = null!;
    private byte[] _getLink = null!;
    private RtnlContext _owner = null!;

    /// <summary>Every mode must be free of allocation.</summary>
    [Params(RtnlMode.PerNet, RtnlMode.BigLock)]
    public RtnlMode Mode { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        var services = new ServiceCollection();
        services.AddRtnetlink(options => options.Mode = Mode).AddSmallRtnlHandlers();
        _services = services.BuildServiceProvider();
        RtnlDispatcher dispatcher = _services.GetRequiredService<RtnlDispatcher>();
        _socket = dispatcher.OpenSocket(dispatcher.Registry.Initial, isPrivileged: true);
        _owner = RtnlContext.Create();
        _newAddress = Address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, host: 3);
        _deleteAddress = Address(RTM_DELADDR, None, host: 3);
        _refusedAddress = Address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, host: 9);
        _ = Acknowledged(_refusedAddress);
        _getLink = Link();
        if (NewAndDeleteAddress() != 2 || StateOnly() != 2 || GetLink() < 500 || RefusedAddress() != (int)Errno.EEXIST)
            throw new InvalidOperationException("The requests do not succeed, so their cost means nothing.");
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _socket.Dispose();
        _services.Dispose();
    }

    /// <summary>An RTM_NEWADDR and the RTM_DELADDR that undoes it, each acknowledged.</summary>
    /// <returns>How many succeeded.</returns>
    [Benchmark]
    public int NewAndDeleteAddress() => Acknowledged(_newAddress) + Acknowledged(_deleteAddress);

    /// <summary>What the pair does to the namespace's state, and nothing else.</summary>
    /// <returns>How many versions were published.</returns>
    [Benchmark]
    public ulong StateOnly()
    {
        Net net = _socket.Net;
        ulong before = net.Snapshot.Generation;
        using (net.Lock(_owner))
        {
            var editor = new AddressEditor(_owner, net, TimeProvider.System);
            _ = InetAddresses.Add(editor, editor.TryFindLink(Loopback, out Link? link) ? link : throw new InvalidOperationException("No loopback device."), new InterfaceAddress
            {
                Index = Loopback,
                Local = s_address,
                Peer = s_address,
                PrefixLength = 24,
                Flags = AddressFlags.IFA_F_PERMANENT,
                Label = s_label,
                Lifetime = new AddressLifetime(AddressCacheInfo.Forever, AddressCacheInfo.Forever, editor.Now),
                Created = editor.Now,
            }, isRequested: true);
            _owner.Commit();
        }
        using (net.Lock(_owner))
        {
            var editor = new AddressEditor(_owner, net, TimeProvider.System);
            InetAddresses.Delete(editor, editor.Table.Find(s_address, Loopback)!, isRequested: true);
            _owner.Commit();
        }
        _owner.RunAfter();
        return net.Snapshot.Generation - before;
    }

    /// <summary>An RTM_NEWADDR for an address that is there already: parsed, locked, refused and answered.</summary>
    /// <returns>The errno.</returns>
    [Benchmark]
    public int RefusedAddress()
    {
        Send(_refusedAddress);
        _socket.TryReceive(out ReceivedDatagram reply, out _);
        using (reply)
            return -MemoryMarshal.Read<int>(reply.Span[NetlinkHeader.Size..]);
    }

    /// <summary>One link by index.</summary>
    /// <returns>The reply's length in bytes.</returns>
    [Benchmark]
    public int GetLink()
    {
        Send(_getLink);
        _socket.TryReceive(out ReceivedDatagram reply, out _);
        using (reply)
            return reply.Length;
    }

    private int Acknowledged(byte[] request)
    {
        Send(request);
        _socket.TryReceive(out ReceivedDatagram reply, out _);
        using (reply)
            return MemoryMarshal.Read<int>(reply.Span[NetlinkHeader.Size..]) == 0 ? 1 : 0;
    }

    private void Send(byte[] request)
    {
        ValueTask sending = _socket.SendAsync(request);
        if (!sending.IsCompletedSuccessfully)
            throw new InvalidOperationException("Nobody else holds a lock, and yet the request waits.");
    }

    private static byte[] Address(RtmType type, NetlinkFlags flags, byte host)
    {
        byte[] buffer = new byte[128];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, flags | NLM_F_REQUEST | NLM_F_ACK, 1, 0);
        // struct ifaddrmsg: family, prefix length, flags, scope, index.
        writer.PutRaw([(byte)ProtocolFamily.AF_INET, 24, 0, 0, Loopback, 0, 0, 0]);
        writer.PutBytes(IFA_LOCAL, [10, 1, host, 3]);
        writer.PutBytes(IFA_ADDRESS, [10, 1, host, 3]);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    private static byte[] Link()
    {
        byte[] buffer = new byte[128];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)RTM_GETLINK, NLM_F_REQUEST, 1, 0);
        // struct ifinfomsg: family, pad, type, index, flags, change.
        writer.PutRaw([0, 0, 0, 0, Loopback, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Put<uint>(IFLA_EXT_MASK, 8);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }
}
