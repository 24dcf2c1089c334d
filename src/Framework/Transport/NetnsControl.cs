using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl;

/// <summary>The control operations on namespaces, which rtnetlink itself has no message for (docs/protocol.md, section 3).</summary>
internal static class NetnsControl
{
    private const int MaxListPayload = 60 * 1024;

    public static async ValueTask<UnixAnswer> AnswerAsync(NetRegistry registry, UnixControl operation, ReadOnlyMemory<byte> payload, bool isPrivileged)
    {
        switch (operation)
        {
            case UnixControl.NetnsAdd:
                if (!isPrivileged)
                    return new UnixAnswer(Errno.EPERM);
                return new UnixAnswer(NetName.TryRead(payload.Span, out string? wanted) ? await AddAsync(registry, wanted).ConfigureAwait(false) : Errno.EINVAL);
            case UnixControl.NetnsDel:
                if (!isPrivileged)
                    return new UnixAnswer(Errno.EPERM);
                if (!NetName.TryRead(payload.Span, out string? name))
                    return new UnixAnswer(Errno.EINVAL);
                return new UnixAnswer(registry.TryDelete(name) ? Errno.None : Errno.ENOENT);
            case UnixControl.NetnsList:
                return payload.Length < 4 ? new UnixAnswer(Errno.EINVAL) : List(registry, MemoryMarshal.Read<uint>(payload.Span));
            default:
                return new UnixAnswer(Errno.EOPNOTSUPP);
        }
    }

    private static async ValueTask<Errno> AddAsync(NetRegistry registry, string name)
    {
        (bool isNew, _) = await registry.CreateAsync(name).ConfigureAwait(false);
        return isNew ? Errno.None : Errno.EEXIST;
    }

    private static UnixAnswer List(NetRegistry registry, uint cursor)
    {
        var payload = new ArrayBufferWriter<byte>();
        uint next = cursor;
        foreach (string name in registry.Names().Skip((int)cursor))
        {
            if (payload.WrittenCount + Encoding.UTF8.GetMaxByteCount(name.Length) + 1 > MaxListPayload)
                return new UnixAnswer(Errno.None, next, Payload: payload.WrittenMemory);
            Encoding.UTF8.GetBytes(name, payload);
            payload.Write("\0"u8);
            next++;
        }
        return new UnixAnswer(Errno.None, Payload: payload.WrittenMemory);
    }
}
