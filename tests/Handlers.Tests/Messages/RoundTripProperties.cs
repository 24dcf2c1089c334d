using System.Reflection;
using System.Runtime.InteropServices;
using CsCheck;
using SmallRtnl.Links;
using SmallRtnl.Routes;

namespace SmallRtnl.Handlers.Tests.Messages;

/// <summary>Every declared message and nest of the handlers: what is written is what is read again, and nothing that is sent can throw.</summary>
public sealed class RoundTripProperties
{
    private static readonly ProtocolFamily[] s_families = [ProtocolFamily.AF_INET, ProtocolFamily.AF_INET6];

    public static TheoryData<string> Types => [.. MessageGen.All.Select(type => type.FullName!)];

    [Fact]
    public void Messages_and_nests_are_found()
    {
        Assert.Contains(typeof(LinkMessage), MessageGen.All);
        Assert.Contains(typeof(VethInfo), MessageGen.All);
        Assert.Contains(typeof(RouteMessage), MessageGen.All);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void What_was_written_is_read_again(string name) => Run(nameof(RoundTrip), name);

    [Theory]
    [MemberData(nameof(Types))]
    public void What_is_cut_off_never_throws(string name) => Run(nameof(Truncate), name);

    [Theory]
    [MemberData(nameof(Types))]
    public void Arbitrary_bytes_never_throw(string name) => Run(nameof(Noise), name);

    private static void Run(string property, string name)
    {
        Type type = MessageGen.All.Single(type => type.FullName == name);
        foreach (ProtocolFamily family in s_families)
        {
            typeof(RoundTripProperties).GetMethod(property + (MessageGen.IsMessage(type) ? "Message" : "Nest"), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type)
                .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [family], null);
        }
    }

    private static void RoundTripMessage<T>(ProtocolFamily family)
        where T : struct, INetlinkMessage<T> => RoundTrip<T>(family, Write, T.TryParse);

    private static void RoundTripNest<T>(ProtocolFamily family)
        where T : struct, INetlinkNest<T> => RoundTrip<T>(family, WriteNest, T.TryParse);

    private static void TruncateMessage<T>(ProtocolFamily family)
        where T : struct, INetlinkMessage<T> => Truncate<T>(family, Write, T.TryParse);

    private static void TruncateNest<T>(ProtocolFamily family)
        where T : struct, INetlinkNest<T> => Truncate<T>(family, WriteNest, T.TryParse);

    private static void NoiseMessage<T>(ProtocolFamily family)
        where T : struct, INetlinkMessage<T> => Noise<T>(family, T.TryParse);

    private static void NoiseNest<T>(ProtocolFamily family)
        where T : struct, INetlinkNest<T> => Noise<T>(family, T.TryParse);

    private delegate bool Parser<T>(in NetlinkPayload payload, Extack extack, out T value);

    private delegate byte[] Writer<T>(in T value);

    private static void RoundTrip<T>(ProtocolFamily family, Writer<T> write, Parser<T> parse)
        where T : struct =>
        MessageGen.Of(typeof(T), family).Sample(
            found =>
            {
                var message = (T)found;
                byte[] bytes = write(in message);
                foreach (NetlinkValidation validation in (NetlinkValidation[])[NetlinkValidation.Liberal, NetlinkValidation.DeprecatedStrict])
                {
                    var extack = new Extack();
                    // As a reply, which may carry what a request may not.
                    var payload = new NetlinkPayload(bytes, NetlinkHeader.Size, family, validation) { IsReply = true };
                    Assert.True(parse(in payload, extack, out T read), $"{extack.Errno} {extack.Message} at {extack.Offset}");
                    Assert.Equal(message, read);
                    Assert.Equal(message.GetHashCode(), read.GetHashCode());
                }
            },
            iter: 300,
            threads: 1);

    private static void Truncate<T>(ProtocolFamily family, Writer<T> write, Parser<T> parse)
        where T : struct =>
        MessageGen.Of(typeof(T), family).Sample(
            found =>
            {
                byte[] bytes = write((T)found);
                for (int length = 0; length <= bytes.Length; length++)
                    ParseAll(bytes[..length], family, parse);
            },
            iter: 20,
            threads: 1);

    private static void Noise<T>(ProtocolFamily family, Parser<T> parse)
        where T : struct
    {
        Gen<byte[]> flat = Attributes(Gen.Byte.Array[0, 40]);
        Gen<byte[]> nested = Attributes(Attributes(Gen.OneOf(Gen.Byte.Array[0, 20], Gen.Const("veth\0"u8.ToArray()), flat)));
        Gen<byte[]> any = Gen.Select(Gen.Byte.Array[0, 20], Gen.OneOf(Gen.Byte.Array[0, 80], flat, nested), (head, tail) => (byte[])[.. head, .. tail]);
        any.Sample(bytes => ParseAll(bytes, family, parse), iter: 500, threads: 1);
    }

    private static void ParseAll<T>(byte[] bytes, ProtocolFamily family, Parser<T> parse)
        where T : struct
    {
        foreach (NetlinkValidation validation in (NetlinkValidation[])[NetlinkValidation.Liberal, NetlinkValidation.DeprecatedStrict, NetlinkValidation.Strict])
        {
            var extack = new Extack();
            var payload = new NetlinkPayload(bytes, NetlinkHeader.Size, family, validation) { AllowShortHeader = validation == NetlinkValidation.Liberal };
            bool parsed = parse(in payload, extack, out T message);
            Assert.Equal(parsed, extack.Errno == Errno.None);
            // What was read can be looked at and sent on.
            if (parsed)
                _ = message.Equals(message) && message.GetHashCode() != 0 && message.ToString() is not null;
        }
    }

    private static Gen<byte[]> Attributes(Gen<byte[]> payload) =>
        Gen.Select(Gen.UShort[0, 70], payload).Array[0, 5].Select(all => all.SelectMany(one => Attribute(one.Item1, one.Item2)).ToArray());

    private static byte[] Attribute(ushort type, byte[] payload)
    {
        byte[] bytes = new byte[NetlinkAlignment.Align(4 + payload.Length)];
        MemoryMarshal.Write(bytes, (ushort)(4 + payload.Length));
        MemoryMarshal.Write(bytes.AsSpan(2), type);
        payload.CopyTo(bytes, 4);
        return bytes;
    }

    private static byte[] Write<T>(in T message)
        where T : struct, INetlinkMessage<T>
    {
        byte[] buffer = new byte[16384];
        var writer = new NetlinkWriter(buffer);
        message.Write(ref writer);
        Assert.False(writer.Overflowed);
        return buffer[..writer.Position];
    }

    private static byte[] WriteNest<T>(in T nest)
        where T : struct, INetlinkNest<T>
    {
        byte[] buffer = new byte[16384];
        var writer = new NetlinkWriter(buffer);
        nest.Write(ref writer);
        Assert.False(writer.Overflowed);
        return buffer[..writer.Position];
    }
}
