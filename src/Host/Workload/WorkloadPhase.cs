namespace SmallRtnl.Host;

/// <summary>The parts of the workload. All namespaces go through one before any begins the next, so that all are alive at once.</summary>
internal enum WorkloadPhase
{
    Setup,
    Churn,
    Query,
    Teardown,
}
