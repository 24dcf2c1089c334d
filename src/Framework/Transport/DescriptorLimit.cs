using static SmallRtnl.LinuxSystemCalls;

namespace SmallRtnl;

/// <summary>How many descriptors the process may have (RLIMIT_NOFILE).</summary>
internal static unsafe class DescriptorLimit
{
    /// <summary>Raises the limit as far as the process may (the runtime has mostly done so) and tells what it is.</summary>
    public static int Raise()
    {
        var limit = default(ResourceLimit);
        if (GetResourceLimit(RLIMIT_NOFILE, &limit) != 0)
            return int.MaxValue;
        if (limit.Current < limit.Maximum)
        {
            ResourceLimit raised = limit with { Current = limit.Maximum };
            if (SetResourceLimit(RLIMIT_NOFILE, &raised) == 0)
                limit = raised;
        }
        return (int)Math.Min(limit.Current, int.MaxValue);
    }
}
