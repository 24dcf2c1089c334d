using System.Text;

namespace SmallRtnl;

/// <summary>Writes NLMSG_ERROR replies (<c>netlink_ack</c>).</summary>
internal static class AckWriter
{
    private const ushort NLMSGERR_ATTR_MSG = 1;
    private const ushort NLMSGERR_ATTR_OFFS = 2;
    private const ushort NLMSGERR_ATTR_POLICY = 4;
    private const ushort NLMSGERR_ATTR_MISS_TYPE = 5;
    private const ushort NLMSGERR_ATTR_MISS_NEST = 6;

    /// <summary>Answers a message, where an answer is due: an error always, success if NLM_F_ACK asked for it.</summary>
    public static void Send(NetlinkSocket socket, in NetlinkHeader request, ReadOnlyMemory<byte> message, in RtnlResult result, Extack? extack, int headerSize)
    {
        if (result.IsOk && (request.Flags & NetlinkFlags.NLM_F_ACK) == 0)
            return;
        bool echoRequest = !result.IsOk && !socket.CapAck;
        string? text = socket.ExtendedAck ? result.Message ?? extack?.Message : null;
        int size = NetlinkHeader.Size + 4 + (echoRequest ? NetlinkAlignment.Align(message.Length) : NetlinkHeader.Size) + 96 + (3 * (text?.Length ?? 0));
        Datagram datagram = Datagram.Rent(size);
        var writer = new NetlinkWriter(datagram.Buffer);
        int start = writer.BeginMessage(NetlinkControlType.NLMSG_ERROR, NetlinkFlags.None, request.Sequence, socket.PortId);
        writer.PutStruct(-(int)result.Errno);
        if (echoRequest)
        {
            writer.PutRaw(message.Span);
        }
        else
        {
            writer.PutStruct(in request);
            writer.AddFlags(start, NetlinkFlags.NLM_F_CAPPED);
        }
        if (socket.ExtendedAck)
            PutExtack(ref writer, start, in result, message, extack, headerSize);
        writer.EndMessage(start);
        datagram.Length = writer.Position;
        socket.Enqueue(datagram, group: 0);
        datagram.Release();
    }

    /// <summary>Writes what an error or a dump's end says beside its errno (<c>netlink_ack_tlv_fill</c>), and the flag that says so.</summary>
    public static void PutExtack(ref NetlinkWriter writer, int start, in RtnlResult result, ReadOnlyMemory<byte> request, Extack? extack, int headerSize)
    {
        int before = writer.Position;
        if ((result.Message ?? extack?.Message) is { } text)
            PutText(ref writer, text);
        if (!result.IsOk)
            PutPlace(ref writer, in result, request, extack, headerSize);
        if (writer.Position > before)
            writer.AddFlags(start, NetlinkFlags.NLM_F_ACK_TLVS);
    }

    private static void PutText(ref NetlinkWriter writer, string text)
    {
        Span<byte> utf8 = stackalloc byte[512];
        if (Encoding.UTF8.TryGetBytes(text, utf8, out int length))
            writer.PutString(NLMSGERR_ATTR_MSG, utf8[..length]);
        else
            writer.PutString(NLMSGERR_ATTR_MSG, Encoding.UTF8.GetBytes(text));
    }

    private static void PutPlace(ref NetlinkWriter writer, in RtnlResult result, ReadOnlyMemory<byte> message, Extack? extack, int headerSize)
    {
        int offset = extack?.Offset ?? 0;
        if (result.Attribute != 0)
            offset = FindAttribute(message, headerSize, result.Attribute);
        if (offset > 0)
            writer.Put(NLMSGERR_ATTR_OFFS, (uint)offset);
        if (extack is { Policy: { IsEmpty: false } policy })
            policy.Write(ref writer, NLMSGERR_ATTR_POLICY);
        if (extack is not { MissingType: >= 0 })
            return;
        writer.Put(NLMSGERR_ATTR_MISS_TYPE, (uint)extack.MissingType);
        if (extack.MissingNestOffset > 0)
            writer.Put(NLMSGERR_ATTR_MISS_NEST, (uint)extack.MissingNestOffset);
    }

    private static int FindAttribute(ReadOnlyMemory<byte> message, int headerSize, int type)
    {
        int start = NetlinkHeader.Size + NetlinkAlignment.Align(headerSize);
        if (start > message.Length)
            return 0;
        var reader = new NetlinkAttributeReader(message[start..], start);
        while (reader.Read())
        {
            if (reader.Type == type)
                return reader.AttributeOffset;
        }
        return 0;
    }
}
