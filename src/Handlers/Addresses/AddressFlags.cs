namespace SmallRtnl.Addresses;

/// <summary>IFA_F_* (linux/if_addr.h).</summary>
[Flags]
public enum AddressFlags : uint
{
    None = 0,
    IFA_F_SECONDARY = 0x01,
    IFA_F_NODAD = 0x02,
    IFA_F_OPTIMISTIC = 0x04,
    IFA_F_DADFAILED = 0x08,
    IFA_F_HOMEADDRESS = 0x10,
    IFA_F_DEPRECATED = 0x20,
    IFA_F_TENTATIVE = 0x40,
    IFA_F_PERMANENT = 0x80,
    IFA_F_MANAGETEMPADDR = 0x100,
    IFA_F_NOPREFIXROUTE = 0x200,
    IFA_F_MCAUTOJOIN = 0x400,
    IFA_F_STABLE_PRIVACY = 0x800,
}
