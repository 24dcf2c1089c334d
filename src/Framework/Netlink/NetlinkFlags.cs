namespace SmallRtnl;

/// <summary>The flags of nlmsghdr (netlink(7)). The modifier bits mean different things by operation.</summary>
[Flags]
public enum NetlinkFlags : ushort
{
    None = 0,
    NLM_F_REQUEST = 0x01,
    NLM_F_MULTI = 0x02,
    NLM_F_ACK = 0x04,
    NLM_F_ECHO = 0x08,
    NLM_F_DUMP_INTR = 0x10,
    NLM_F_DUMP_FILTERED = 0x20,

    // GET
    NLM_F_ROOT = 0x100,
    NLM_F_MATCH = 0x200,
    NLM_F_ATOMIC = 0x400,
    NLM_F_DUMP = 0x300,

    // NEW
    NLM_F_REPLACE = 0x100,
    NLM_F_EXCL = 0x200,
    NLM_F_CREATE = 0x400,
    NLM_F_APPEND = 0x800,

    // DEL
    NLM_F_NONREC = 0x100,
    NLM_F_BULK = 0x200,

    // ACK
    NLM_F_CAPPED = 0x100,
    NLM_F_ACK_TLVS = 0x200,
}
