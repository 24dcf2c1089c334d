using System.Collections.Concurrent;

namespace SmallRtnl;

/// <summary>The statistics of locks of users' own, a row for each class; the process's, since such locks belong to no host.</summary>
internal static class UserLockStatistics
{
    private static readonly ConcurrentDictionary<Type, (LockStatistics Statistics, StripedCounter Acquisitions)> s_classes = new();

    /// <summary>The classes that have been made so far.</summary>
    public static IEnumerable<LockStatistics> All => s_classes.Values.Select(static row => row.Statistics);

    public static (LockStatistics Statistics, StripedCounter Acquisitions) Of(Type type) => s_classes.GetOrAdd(type, static type =>
    {
        var acquisitions = new StripedCounter(Environment.ProcessorCount);
        return (new LockStatistics(type.Name, acquisitions.Total), acquisitions);
    });
}
