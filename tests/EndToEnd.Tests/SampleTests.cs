using System.Diagnostics;
using Xunit;

namespace SmallRtnl.EndToEnd.Tests;

/// <summary>The sample host runs as its user would run it, with a message that SmallRtnl does not know.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task The_sample_serves_its_own_message()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string program = Path.Combine(Repository.Root, "samples", "LeaseHost", "bin", configuration, "net10.0", "LeaseHost.dll");
        (int exitCode, string output, _) = await Patience.RunAsync(new ProcessStartInfo("dotnet", [program]));

        Assert.Equal(0, exitCode);
        Assert.Contains("new:    NetlinkAck { Errno = None", output, StringComparison.Ordinal);
        Assert.Contains("again:  NetlinkAck { Errno = EEXIST, Message = lease: already lent, Offset = 20", output, StringComparison.Ordinal);
        Assert.Contains("dump:   10.0.0.7 lent to printer for 3600 s", output, StringComparison.Ordinal);
        Assert.Contains("delete: NetlinkAck { Errno = None", output, StringComparison.Ordinal);
    }
}
