using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using SmallRtnl.Addresses;
using SmallRtnl.Links;
using static SmallRtnl.NetlinkFlags;
using static SmallRtnl.RtmType;

namespace SmallRtnl.Bench;

/// <summary>Full dumps in process: request, every chunk received, NLMSG_DONE. The floor is a copy of the same bytes into a buffer of a chunk's size.</summary>
public class DumpBenchmarks
{
    /// <summary>How many objects there are, beside loopback and its address.</summary>
    public const int Objects = 10_000;

    private const int AddressesPerLink = 100;

    private readonly byte[] _chunk = new byte[16_384];
    private readonly List<byte[]> _links = [];
    private readonly List<byte[]> _addresses = [];
    private readonly byte[] _getLinks = Dump(RTM_GETLINK, default(IfInfoMsg));
    private readonly byte[] _getAddresses = Dump(RTM_GETADDR, new IfAddrMsg(ProtocolFamily.AF_INET, 0, 0, 0, 0));
    private ServiceProvider _services = null!;
    private NetlinkSocket _socket = null!;

    [GlobalSetup]
    public void SetUp()
    {
        var services = new ServiceCollection();
        services.AddRtnetlink().AddSmallRtnlHandlers();
        _services = services.BuildServiceProvider();
        RtnlDispatcher dispatcher = _services.GetRequiredService<RtnlDispatcher>();
        _socket = dispatcher.OpenSocket(dispatcher.Registry.Initial, isPrivileged: true);
        for (int i = 0; i < Objects; i++)
            Acknowledged(NewLink(i));
        for (int i = 0; i < Objects; i++)
            Acknowledged(NewAddress(i));
        Collect(_getLinks, _links);
        Collect(_getAddresses, _addresses);
        if (_links.Sum(static chunk => chunk.Length) < Objects * 500 || _addresses.Sum(static chunk => chunk.Length) < Objects * 60)
            throw new InvalidOperationException("The dumps are too short, so their cost means nothing.");
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _socket.Dispose();
        _services.Dispose();
    }

    /// <returns>The bytes received.</returns>
    [Benchmark]
    public int Links() => Receive(_getLinks, into: null);

    [Benchmark]
    public int LinksCopied() => Copy(_links);

    /// <returns>The bytes received.</returns>
    [Benchmark]
    public int Addresses() => Receive(_getAddresses, into: null);

    [Benchmark]
    public int AddressesCopied() => Copy(_addresses);

    private void Collect(byte[] request, List<byte[]> into) => Receive(request, into);

    private int Receive(byte[] request, List<byte[]>? into)
    {
        Complete(_socket.SendAsync(request));
        int received = 0;
        while (true)
        {
            while (_socket.TryReceive(out ReceivedDatagram chunk, out _))
            {
                using (chunk)
                {
                    received += chunk.Length;
                    into?.Add(chunk.Span.ToArray());
                }
            }
            Complete(_socket.ContinueDumpAsync());
            if (_socket.IsQueueEmpty)
                return received;
        }
    }

    private int Copy(List<byte[]> chunks)
    {
        int copied = 0;
        foreach (byte[] chunk in chunks)
        {
            chunk.CopyTo(_chunk, 0);
            copied += chunk.Length;
        }
        return copied;
    }

    private void Acknowledged(byte[] request)
    {
        Complete(_socket.SendAsync(request));
        if (!_socket.TryReceive(out ReceivedDatagram reply, out _))
            throw new InvalidOperationException("There is no answer.");
        using (reply)
        {
            int error = BitConverter.ToInt32(reply.Span[NetlinkHeader.Size..]);
            if (error != 0)
                throw new InvalidOperationException($"A request was refused: {(Errno)(-error)}.");
        }
    }

    private static void Complete(ValueTask task)
    {
        if (!task.IsCompletedSuccessfully)
            throw new InvalidOperationException("Nobody else holds a lock, and yet the request waits.");
    }

    private static byte[] NewLink(int number)
    {
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, 1, 0);
        new LinkMessage
        {
            Name = new InterfaceName($"d{number}"),
            Info = new LinkInfo { Kind = new NetlinkString("dummy") },
        }.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    private static byte[] NewAddress(int number)
    {
        var address = InetAddress.FromIPv4(0x0a00_0001 + ((uint)number << 8));
        byte[] buffer = new byte[256];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)RTM_NEWADDR, NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, 1, 0);
        new AddressMessage
        {
            Header = new IfAddrMsg(ProtocolFamily.AF_INET, 24, 0, 0, 2 + ((uint)number / AddressesPerLink)),
            Address = address,
            Local = address,
        }.Write(ref writer);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }

    private static byte[] Dump<T>(RtmType type, T header)
        where T : unmanaged
    {
        byte[] buffer = new byte[64];
        var writer = new NetlinkWriter(buffer);
        int start = writer.BeginMessage((ushort)type, NLM_F_REQUEST | NLM_F_DUMP, 1, 0);
        writer.PutStruct(in header);
        writer.EndMessage(start);
        return buffer[..writer.Position];
    }
}
