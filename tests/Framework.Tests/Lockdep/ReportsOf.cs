namespace SmallRtnl.Tests.Lockdeps;

/// <summary>Collects the reports that name a class, among those of every test that runs beside.</summary>
internal sealed class ReportsOf : IDisposable
{
    private readonly string _name;
    private readonly List<LockdepReport> _reports = [];

    public ReportsOf(string name)
    {
        _name = name;
        Lockdep.Reported += Add;
    }

    public IReadOnlyList<LockdepReport> All
    {
        get
        {
            lock (_reports)
                return [.. _reports];
        }
    }

    public void Dispose() => Lockdep.Reported -= Add;

    private void Add(LockdepReport report)
    {
        lock (_reports)
        {
            if (report.Sites.Any(site => site.Lock.StartsWith(_name, StringComparison.Ordinal)))
                _reports.Add(report);
        }
    }
}
