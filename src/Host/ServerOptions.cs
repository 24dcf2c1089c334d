using System.Globalization;

namespace SmallRtnl.Host;

/// <summary>How a server of ours is to be made.</summary>
/// <param name="Mode">What PerNet takes.</param>
internal sealed record ServerOptions(RtnlMode Mode)
{
    /// <summary>How long a locked doit waits under its lock; whole milliseconds.</summary>
    public TimeSpan Hold { get; init; }

    /// <summary>How long a locked doit computes under its lock.</summary>
    public TimeSpan Compute { get; init; }

    /// <summary>How many in 100 of the writers run under their own word, the others under the whole of RTNL.</summary>
    public int Convert { get; init; } = 100;

    /// <summary>The same for <c>rtnl serve</c>.</summary>
    public IEnumerable<string> Arguments =>
    [
        "--mode", Mode.ToString(),
        .. Hold > TimeSpan.Zero ? (string[])["--hold", DurationOption.Text(Hold)] : [],
        .. Compute > TimeSpan.Zero ? (string[])["--compute", DurationOption.Text(Compute)] : [],
        .. Convert < 100 ? (string[])["--convert", Convert.ToString(CultureInfo.InvariantCulture)] : [],
    ];

    /// <summary>Sets a host's options.</summary>
    public void Apply(RtnetlinkOptions options)
    {
        options.Mode = Mode;
        options.HoldTime = Hold;
        options.ComputeTime = Compute;
        if (Convert < 100)
        {
            // Asked in the table's order, over which the share is spread evenly.
            int asked = 0;
            options.RunUnderRtnl = info => info.Lock == RtnlLock.PerNet && (asked + 1) * Convert / 100 == asked++ * Convert / 100;
        }
    }
}
