using System.Text;
using SmallRtnl.Tests.Transport;

namespace SmallRtnl.Tests.Namespaces;

/// <summary>One rule for a namespace's name, at every door.</summary>
public sealed class NetNameTests
{
    private static readonly byte[][] s_notText =
    [
        [0xff], [0xc3], [0x80], [0xc0, 0x80], [0xc1, 0xbf], [0xe2, 0x82], [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80],
        [(byte)'a', 0xff, (byte)'b'], [.. "blue"u8, 0xf0, 0x9f, 0x98],
    ];

    /// <summary>Every character that a terminal obeys, and what no file can be called.</summary>
    public static IEnumerable<string> Impossible =>
    [
        .. Enumerable.Range(0, 0x10000).Select(static code => (char)code).Where(static c => char.IsControl(c) || c is '/' or '\u2028' or '\u2029').Select(static c => $"a{c}b"),
        .. Enumerable.Range(0, 0x20).Select(static code => ((char)code).ToString()),
        ".", "..", "/", "a/b", "../../etc", "\u001b[2J", "x\n", "\ty", "\u007f", "\u0085", new string('x', 256), new string('\u00e9', 128), new string('\u20ac', 86),
    ];

    private static readonly string[] s_possible =
        ["a", "...", ".a", "-", "a b", "caf\u00e9", "\u65e5\u672c\u8a9e", "\U0001f600", new string('x', 255), new string('\u00e9', 127), "a\\b", "\"", "%s"];

    [Fact]
    public async Task What_cannot_be_a_name_is_EINVAL_at_every_door_of_the_socket()
    {
        await using var server = await LimitedServer.StartAsync(static _ => { });
        foreach (byte[] name in s_notText.Concat(Impossible.Select(Encoding.UTF8.GetBytes)))
        {
            string shown = Convert.ToHexString(name);
            Assert.True(FrameConnection.Ask(server.Path, FrameConnection.NetnsAdd, null, name) == (int)Errno.EINVAL, $"NETNS_ADD of {shown}");
            Assert.True(FrameConnection.Ask(server.Path, FrameConnection.NetnsDel, null, name) == (int)Errno.EINVAL, $"NETNS_DEL of {shown}");
            using var connection = new FrameConnection(server.Path);
            Assert.True(connection.Open(name) == (int)Errno.EINVAL, $"HELLO to {shown}");
        }
        Assert.Equal((int)Errno.EINVAL, FrameConnection.Ask(server.Path, FrameConnection.NetnsAdd, null, []));
        Assert.Empty(server.Host.Registry.Names());
        foreach (string name in s_possible)
        {
            byte[] utf8 = Encoding.UTF8.GetBytes(name);
            Assert.Equal(0, FrameConnection.Ask(server.Path, FrameConnection.NetnsAdd, null, utf8));
            using var connection = new FrameConnection(server.Path);
            Assert.Equal(0, connection.Open(utf8));
            Assert.Equal([name], server.Host.Registry.Names());
            Assert.Equal(0, FrameConnection.Ask(server.Path, FrameConnection.NetnsDel, null, utf8));
        }
    }

    [Fact]
    public async Task What_cannot_be_a_name_is_refused_in_the_process_as_well()
    {
        await using var server = await LimitedServer.StartAsync(static _ => { });
        var control = new RtnlControlClient(server.Path);
        NetRegistry registry = server.Host.Registry;
        foreach (string name in Impossible.Concat(["", "\ud800", "a\udc00", "\ud83d x"]))
        {
            Assert.Throws<ArgumentException>(() => registry.TryCreate(name, out _));
            await Assert.ThrowsAsync<ArgumentException>(async () => await registry.CreateAsync(name));
            Assert.False(registry.TryDelete(name));
            Assert.Null(registry.Find(name));
            Assert.Equal(Errno.EINVAL, control.AddNetns(name));
            Assert.Equal(Errno.EINVAL, control.DeleteNetns(name));
        }
        foreach (string name in s_possible)
        {
            Assert.True(registry.TryCreate(name, out Net net));
            Assert.Equal(name, net.Name);
            Assert.True(registry.TryDelete(name));
        }
        Assert.Empty(control.ListNetns());
    }
}
