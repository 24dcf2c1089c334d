using System.Runtime.InteropServices;
using static SmallRtnl.Links.LinkAttributeType;

namespace SmallRtnl.Bench;

/// <summary>What <see cref="Links.LinkInfo"/> is, written by hand.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct HandWrittenLinkInfo
{
    public NetlinkString? Kind;
    public NetlinkBytes? Data;
    public NetlinkBytes? VethPeer;

    /// <summary>Parses the nest; the shape of the data depends on the kind, which may stand behind them.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> memory, in HandWrittenAttributes outer, NetlinkValidation validation, Extack extack, out HandWrittenLinkInfo? info)
    {
        info = null;
        if (!outer.CheckNest(validation, extack))
            return false;
        var result = default(HandWrittenLinkInfo);
        var data = default(HandWrittenAttributes);
        ReadOnlySpan<byte> bytes = memory.Span[..(outer.Start + 4 + outer.Value.Length)];
        var attribute = new HandWrittenAttributes(bytes, outer.Start + 4);
        while (attribute.Read())
        {
            bool passes;
            switch (attribute.Type)
            {
                case IFLA_INFO_KIND:
                    passes = attribute.TryReadText(memory, 0, validation, extack, out result.Kind);
                    break;
                case IFLA_INFO_DATA:
                    passes = attribute.TryReadBytes(memory, 0, NetlinkValidation.Liberal, extack, out result.Data);
                    data = attribute;
                    break;
                default:
                    passes = attribute.CheckUnknown(validation, extack);
                    break;
            }
            if (!passes)
                return false;
        }
        if (!attribute.CheckLeftover(validation, extack))
            return false;
        if (result.Data is not null && result.Kind is { } kind && kind.Is("veth"u8))
        {
            result.Data = null;
            if (!TryParseVeth(memory, in data, validation, extack, ref result))
                return false;
        }
        info = result;
        return true;
    }

    public readonly void Write(ref HandWrittenWriter writer)
    {
        int start = writer.BeginNest(IFLA_LINKINFO);
        if (Kind is { } kind)
            writer.PutString(IFLA_INFO_KIND, kind.Utf8);
        if (VethPeer is { } peer)
        {
            int data = writer.BeginNest(IFLA_INFO_DATA | NetlinkWriter.NLA_F_NESTED);
            writer.PutBytes(VETH_INFO_PEER, peer.Span);
            writer.EndNest(data);
        }
        else if (Data is { } bytes)
        {
            writer.PutBytes(IFLA_INFO_DATA, bytes.Span);
        }
        writer.EndNest(start);
    }

    private static bool TryParseVeth(ReadOnlyMemory<byte> memory, in HandWrittenAttributes data, NetlinkValidation validation, Extack extack, ref HandWrittenLinkInfo result)
    {
        if (!data.CheckNest(validation, extack))
            return false;
        var attribute = new HandWrittenAttributes(memory.Span[..(data.Start + 4 + data.Value.Length)], data.Start + 4);
        while (attribute.Read())
        {
            bool passes = attribute.Type == VETH_INFO_PEER
                ? attribute.TryReadBytes(memory, 16, validation, extack, out result.VethPeer)
                : attribute.CheckUnknown(validation, extack);
            if (!passes)
                return false;
        }
        return attribute.CheckLeftover(validation, extack);
    }
}
