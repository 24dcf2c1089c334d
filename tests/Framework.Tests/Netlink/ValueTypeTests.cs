using CsCheck;

namespace SmallRtnl.Tests.Netlink;

public sealed class ValueTypeTests
{
    [Fact]
    public void A_name_holds_fifteen_bytes_and_not_sixteen()
    {
        Assert.Equal("fifteen-bytes-x", new InterfaceName("fifteen-bytes-x").ToString());
        Assert.Throws<ArgumentException>(() => new InterfaceName("sixteen-bytes-xx"));
        Assert.False(InterfaceName.TryCreate("sixteen-bytes-xx"u8, out _));
        Assert.True(InterfaceName.TryCreate("lo\0rest"u8, out InterfaceName name));
        Assert.Equal(new InterfaceName("lo"), name);
    }

    [Theory]
    [InlineData("eth0", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("a:b", false)]
    [InlineData("a b", false)]
    public void A_devices_name_has_no_separators(string name, bool valid) => Assert.Equal(valid, new InterfaceName(name).IsValidDeviceName);

    [Theory]
    [InlineData("10.1.2.3", 8, "10.0.0.0", "10.255.255.255")]
    [InlineData("10.1.2.3", 0, "0.0.0.0", "255.255.255.255")]
    [InlineData("10.1.2.3", 32, "10.1.2.3", "10.1.2.3")]
    [InlineData("2001:db8::1:2", 64, "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::1", 128, "2001:db8::1", "2001:db8::1")]
    [InlineData("2001:db8::1", 0, "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    public void An_address_knows_its_network_and_its_last_address(string address, int length, string network, string last)
    {
        InetAddress parsed = InetAddress.Parse(address);
        Assert.Equal(InetAddress.Parse(network), parsed.Mask(length));
        Assert.Equal(InetAddress.Parse(last), parsed.LastInNetwork(length));
        Assert.True(parsed.InSameNetwork(parsed.LastInNetwork(length), length));
    }

    [Fact]
    public void An_address_survives_its_bytes() =>
        Gen.Byte.Array[16].Select(Gen.Bool).Sample((bytes, isV6) =>
        {
            byte[] wire = isV6 ? bytes : bytes[..4];
            InetAddress address = InetAddress.FromBytes(wire);
            byte[] written = new byte[16];
            return address.CopyTo(written) == wire.Length && wire.AsSpan().SequenceEqual(written.AsSpan(0, wire.Length));
        });

    [Fact]
    public void Attributes_that_are_written_are_read_back_and_a_lying_length_ends_the_walk() =>
        Gen.Select(Gen.UShort[0, 0x3fff], Gen.Byte.Array[0, 40]).List[0, 8].Select(Gen.Int[0, 60]).Sample((attributes, cut) =>
        {
            byte[] buffer = new byte[1024];
            var writer = new NetlinkWriter(buffer);
            foreach ((ushort type, byte[] value) in attributes)
                writer.PutBytes(type, value);
            var reader = new NetlinkAttributeReader(buffer.AsMemory(0, writer.Position), 0);
            foreach ((ushort type, byte[] value) in attributes)
            {
                if (!reader.Read() || reader.Type != type || !reader.Value.Span.SequenceEqual(value))
                    return false;
            }
            var shortened = new NetlinkAttributeReader(buffer.AsMemory(0, Math.Max(0, writer.Position - cut)), 0);
            while (shortened.Read())
            {
                if (shortened.AttributeOffset + 4 + shortened.Value.Length > writer.Position - cut)
                    return false;
            }
            return !reader.Read() && reader.Leftover == 0;
        });

    [Fact]
    public void A_writer_that_runs_out_of_room_says_so_and_can_go_back()
    {
        var writer = new NetlinkWriter(new byte[40]);
        int start = writer.BeginMessage(16, NetlinkFlags.None, 1, 2);
        writer.Put<uint>(1, 7);
        int whole = writer.Position;
        writer.PutBytes(2, new byte[100]);
        Assert.True(writer.Overflowed);
        writer.Rewind(whole);
        writer.EndMessage(start);
        Assert.False(writer.Overflowed);
        Assert.Equal(24, writer.Position);
    }

    [Theory]
    [InlineData(65_524, false)]
    [InlineData(65_528, true)]
    public void A_nest_that_is_longer_than_its_length_can_say_has_not_fitted(int payload, bool overflows)
    {
        var writer = new NetlinkWriter(new byte[1 << 17]);
        int start = writer.BeginNest(1);
        writer.PutBytes(1, new byte[payload]);
        writer.EndNest(start);
        Assert.Equal(overflows, writer.Overflowed);
        writer.Rewind(start);
        Assert.False(writer.Overflowed);
    }
}
