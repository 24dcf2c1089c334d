using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace SmallRtnl.Host;

/// <summary>A folder of a verb's own for as long as it runs.</summary>
internal static class TemporaryFolder
{
    private const int MaxTries = 16;

    // For the name of a socket in it.
    private const int Room = 24;

    /// <summary>Makes one, which nobody else may enter: in the temporary folder, or in /tmp where that cannot be written or has too long a name for a socket's.</summary>
    /// <exception cref="IOException">It cannot be made; the message says where, and what to set.</exception>
    public static DirectoryInfo Create(string prefix)
    {
        string? why = null;
        foreach (string parent in (string[])[Path.GetTempPath(), "/tmp"])
        {
            for (int i = 0; i < MaxTries; i++)
            {
                string folder = Path.Combine(parent, string.Create(CultureInfo.InvariantCulture, $"{prefix}{Environment.ProcessId}-{Random.Shared.Next():x8}"));
                if (Encoding.UTF8.GetByteCount(folder) + Room > ListeningPath.MaxBytes)
                {
                    why ??= $"{parent} has too long a name for a socket's folder: set TMPDIR to another.";
                    break;
                }
                if (LinuxFiles.MakeFolder(folder, 0b111_000_000) == 0)
                    return new DirectoryInfo(folder);
                if (Marshal.GetLastPInvokeError() == LinuxFiles.EEXIST)
                    continue;
                why ??= $"no folder can be made in {parent}: {Marshal.GetLastPInvokeErrorMessage()}. Set TMPDIR to one that can be written.";
                break;
            }
        }
        throw new IOException(why);
    }
}
