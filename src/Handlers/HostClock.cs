namespace SmallRtnl;

/// <summary>The clock behind lifetimes and stamps: milliseconds, monotonic.</summary>
internal static class HostClock
{
    /// <summary>Now.</summary>
    public static long Milliseconds(TimeProvider time) =>
        (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency));

    /// <summary>As the kernel's stamps: hundredths of a second.</summary>
    public static uint ToCentiseconds(long milliseconds) => (uint)(milliseconds / 10);
}
