using Microsoft.Win32.SafeHandles;

namespace SmallRtnl;

/// <summary>A file descriptor that is closed once nobody is inside a system call with it.</summary>
internal sealed class FileHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public FileHandle(int descriptor, bool ownsHandle = true)
        : base(ownsHandle) => SetHandle(descriptor);

    protected override bool ReleaseHandle() => LinuxSystemCalls.Close(handle) == 0;
}
