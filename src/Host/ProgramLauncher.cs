using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl.Host;

/// <summary>Runs an unmodified program with the shim in front of its netlink sockets, through librtnl-launch.so (src/Shim/launch).</summary>
internal sealed unsafe class ProgramLauncher
{
    private const int MaxPath = 1024;

    private readonly delegate* unmanaged<void> _prepare;
    private readonly delegate* unmanaged<byte*, byte*, byte*, nuint, byte**, int> _judge;
    private readonly delegate* unmanaged<byte*, byte*, void> _set;
    private readonly delegate* unmanaged<byte*, byte**, int*, int> _run;

    private ProgramLauncher(nint library)
    {
        _prepare = (delegate* unmanaged<void>)NativeLibrary.GetExport(library, "rtnl_launch_prepare");
        _judge = (delegate* unmanaged<byte*, byte*, byte*, nuint, byte**, int>)NativeLibrary.GetExport(library, "rtnl_launch_judge");
        _set = (delegate* unmanaged<byte*, byte*, void>)NativeLibrary.GetExport(library, "rtnl_launch_set");
        _run = (delegate* unmanaged<byte*, byte**, int*, int>)NativeLibrary.GetExport(library, "rtnl_launch_run");
    }

    /// <summary>Loads it; null where the build had no C compiler.</summary>
    public static ProgramLauncher? Load() =>
        NativeLibrary.TryLoad(Path.Combine(AppContext.BaseDirectory, "librtnl-launch.so"), out nint library) ? new ProgramLauncher(library) : null;

    /// <summary>From here on TERM, INT, HUP, QUIT, USR1 and USR2 are for the program, and do not end the tool.</summary>
    public void TakeSignals() => _prepare();

    /// <summary>What a command means along $PATH, and whether it would be served.</summary>
    /// <returns>Null for a command that does not exist.</returns>
    public ProgramTarget? Judge(byte[] command)
    {
        byte* path = stackalloc byte[MaxPath], culprit = stackalloc byte[MaxPath];
        byte* why = null;
        fixed (byte* first = command)
        {
            if (_judge(first, path, culprit, MaxPath, &why) != 0)
                return null;
        }
        byte[] resolved = [.. MemoryMarshal.CreateReadOnlySpanFromNullTerminated(path), 0];
        return new ProgramTarget(resolved, why is null ? null : $"{Marshal.PtrToStringUTF8((nint)culprit)} {Marshal.PtrToStringUTF8((nint)why)}");
    }

    /// <summary>Sets a variable of the program's environment, or removes it.</summary>
    public void Set(string name, string? value)
    {
        byte[]? bytes = value is null ? null : Terminated(value);
        fixed (byte* key = Terminated(name), first = bytes)
            _set(key, bytes is null ? null : first);
    }

    /// <summary>Runs a program to its end, handing signals on.</summary>
    /// <returns>Its exit code, 128 and the signal's number where one ended it, and the errno where it could not be started.</returns>
    public (int ExitCode, Errno Error) Run(ProgramTarget target, IReadOnlyList<byte[]> arguments)
    {
        var pinned = new GCHandle[arguments.Count];
        byte** vector = stackalloc byte*[arguments.Count + 1];
        for (int i = 0; i < arguments.Count; i++)
        {
            pinned[i] = GCHandle.Alloc(arguments[i], GCHandleType.Pinned);
            vector[i] = (byte*)pinned[i].AddrOfPinnedObject();
        }
        vector[arguments.Count] = null;
        int status, error;
        fixed (byte* path = target.Path)
            status = _run(path, vector, &error);
        foreach (GCHandle handle in pinned)
            handle.Free();
        // The macros of <sys/wait.h>.
        int signal = status & 0x7f;
        return error != 0 ? (0, (Errno)error) : (signal != 0 ? 128 + signal : (status >> 8) & 0xff, Errno.None);
    }

    /// <summary>The last words of our own command line, byte by byte: a file's name need not be UTF-8.</summary>
    public static IReadOnlyList<byte[]> LastArguments(string[] command)
    {
        byte[][] all;
        try
        {
            byte[] line = File.ReadAllBytes("/proc/self/cmdline");
            all = [.. SplitTerminated(line)];
        }
        catch (IOException)
        {
            all = [];
        }
        byte[][] last = all.Length >= command.Length ? all[^command.Length..] : [];
        // A response file or the like would make them others.
        return last.Length == command.Length && last.Zip(command).All(static pair => Encoding.UTF8.GetString(pair.First.AsSpan(0, pair.First.Length - 1)) == pair.Second)
            ? last
            : [.. command.Select(Terminated)];
    }

    private static IEnumerable<byte[]> SplitTerminated(byte[] line)
    {
        for (int start = 0; start < line.Length;)
        {
            int end = Array.IndexOf(line, (byte)0, start);
            if (end < 0)
                yield break;
            yield return line[start..(end + 1)];
            start = end + 1;
        }
    }

    private static byte[] Terminated(string text) => [.. Encoding.UTF8.GetBytes(text), 0];
}

/// <summary>A program that is about to be run.</summary>
/// <param name="Path">Its file, zero-terminated.</param>
/// <param name="WhyUnserved">Null, or why its netlink sockets would be the kernel's: itself or a script's interpreter, and the reason.</param>
internal sealed record ProgramTarget(byte[] Path, string? WhyUnserved);
