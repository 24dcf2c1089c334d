namespace SmallRtnl;

/// <summary>Which file it is, and of what kind. An inode's number is used again once its file is gone; with the time of its birth it is not.</summary>
/// <param name="Device">Major number above, minor below.</param>
/// <param name="Inode">Unique on the device among what exists.</param>
/// <param name="BornSeconds">When it was made; 0 on a file system that does not know.</param>
/// <param name="BornNanoseconds">The rest of it.</param>
/// <param name="Mode">Kind and permissions, as in <c>st_mode</c>.</param>
/// <param name="Owner">The uid.</param>
internal readonly record struct FileIdentity(ulong Device, ulong Inode, long BornSeconds, uint BornNanoseconds, uint Mode, uint Owner)
{
    private const uint KindMask = 0xf000;

    public bool IsSocket => (Mode & KindMask) == 0xc000;

    public bool IsRegular => (Mode & KindMask) == 0x8000;

    public bool IsFolder => (Mode & KindMask) == 0x4000;

    /// <summary>In words, with an article.</summary>
    public string Kind => (Mode & KindMask) switch
    {
        0x1000 => "a FIFO",
        0x2000 or 0x6000 => "a device",
        0x4000 => "a folder",
        0x8000 => "a regular file",
        0xa000 => "a symbolic link",
        0xc000 => "a socket",
        _ => "something unknown",
    };

    /// <summary>Whether both are one file, whoever owns it by now.</summary>
    public bool IsSameFile(FileIdentity other) =>
        (Device, Inode, BornSeconds, BornNanoseconds) == (other.Device, other.Inode, other.BornSeconds, other.BornNanoseconds);
}
