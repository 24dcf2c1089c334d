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
                return new UnixAnswer(isPrivileged ? await AddAsync(registry, Encoding.UTF8.GetString(payload.Span)).ConfigureAwait(false) : Errno.EPERM);
            case UnixControl.NetnsDel:
                if (!isPrivileged)
                    return new UnixAnswer(Errno.EPERM);
                return new UnixAnswer(registry.TryDelete(Encoding.UTF8.GetString(payload.Span)) ? Errno.None : Errno.ENOENT);
            case UnixControl.NetnsList:
                return payload.Length < 4 ? new UnixAnswer(Errno.EINVAL) : List(registry, MemoryMarshal.Read<uint>(payload.Span));
            default:
                return new UnixAnswer(Errno.EOPNOTSUPP);
        }
    }

    private static async ValueTask<Errno> AddAsync(NetRegistry registry, string name)
    {
        try
        {
            (bool isNew, _) = await registry.CreateAsync(name).ConfigureAwait(false);
            return isNew ? Errno.None : Errno.EEXIST;
        }
        catch (ArgumentException)
        {
            return Errno.EINVAL;
        }
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
