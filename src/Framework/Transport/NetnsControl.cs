using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl;

/// <summary>The control operations on namespaces, which rtnetlink itself has no message for (docs/protocol.md, section 3).</summary>
internal static class NetnsControl
{
    private const int MaxListPayload = 60 * 1024;

    public static UnixAnswer Answer(NetRegistry registry, UnixControl operation, ReadOnlySpan<byte> payload, bool isPrivileged)
    {
        switch (operation)
        {
            case UnixControl.NetnsAdd:
                return new UnixAnswer(isPrivileged ? Add(registry, Encoding.UTF8.GetString(payload)) : Errno.EPERM);
            case UnixControl.NetnsDel:
                if (!isPrivileged)
                    return new UnixAnswer(Errno.EPERM);
                return new UnixAnswer(registry.TryDelete(Encoding.UTF8.GetString(payload)) ? Errno.None : Errno.ENOENT);
            case UnixControl.NetnsList:
                return payload.Length < 4 ? new UnixAnswer(Errno.EINVAL) : List(registry, MemoryMarshal.Read<uint>(payload));
            default:
                return new UnixAnswer(Errno.EOPNOTSUPP);
        }
    }

    private static Errno Add(NetRegistry registry, string name)
    {
        try
        {
            return registry.TryCreate(name, out _) ? Errno.None : Errno.EEXIST;
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
