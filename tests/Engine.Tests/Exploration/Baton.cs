using System.Runtime.InteropServices;

namespace SmallRtnl.Engine.Tests.Exploration;

/// <summary>The right to run. An event of the kernel where there is one: a monitor's wait and pulse cost three times as much.</summary>
internal sealed class Baton : IDisposable
{
    private readonly int _event = OperatingSystem.IsLinux() ? EventFd(0, 0) : -1;
    private bool _signalled;

    public void Signal()
    {
        if (_event >= 0)
        {
            ulong one = 1;
            _ = Write(_event, ref one, sizeof(ulong));
            return;
        }
        lock (this)
        {
            _signalled = true;
            Monitor.Pulse(this);
        }
    }

    public void Wait()
    {
        if (_event >= 0)
        {
            ulong count = 0;
            // Interrupted by a signal of the runtime's, it waits again.
            while (Read(_event, ref count, sizeof(ulong)) != sizeof(ulong))
            {
            }
            return;
        }
        lock (this)
        {
            while (!_signalled)
                Monitor.Wait(this);
            _signalled = false;
        }
    }

    public void Dispose()
    {
        if (_event >= 0)
            _ = Close(_event);
    }

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int file);

    [DllImport("libc", EntryPoint = "eventfd")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int EventFd(uint initial, int flags);

    [DllImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Read(int file, ref ulong count, nint size);

    [DllImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int file, ref ulong count, nint size);
}
