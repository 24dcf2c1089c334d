using System.Text.Json.Serialization;

namespace SmallRtnl.Host;

/// <summary>What a run came to.</summary>
internal sealed record WorkloadResult
{
    /// <summary>inproc, socket or kernel.</summary>
    public required string Target { get; init; }

    /// <summary>The server's mode; null for the kernel.</summary>
    public string? Mode { get; init; }

    /// <summary>How long handlers waited under their lock, ms; null: not at all.</summary>
    public double? HoldMilliseconds { get; init; }

    /// <summary>How long they computed under it, µs; null: not at all.</summary>
    public double? ComputeMicroseconds { get; init; }

    /// <summary>How many in 100 of the writers ran under their own word; null for the kernel.</summary>
    public int? Convert { get; init; }

    public required int Namespaces { get; init; }

    public required int Clients { get; init; }

    public required int Interfaces { get; init; }

    public required int Pipeline { get; init; }

    /// <summary>The kind of the interfaces that stand alone.</summary>
    public required string Kind { get; init; }

    /// <summary>From the first request until the last answer, s.</summary>
    public required double Seconds { get; init; }

    public required long Requests { get; init; }

    public required IReadOnlyList<PhaseResult> Phases { get; init; }

    public required IReadOnlyList<RequestResult> ByRequest { get; init; }

    public TargetCost? Cost { get; init; }

    /// <summary>How often the warm-up went through all phases.</summary>
    public int WarmUpRounds { get; init; }

    /// <summary>With how many namespaces.</summary>
    public int WarmUpNamespaces { get; init; }

    /// <summary>How many objects were answered.</summary>
    [JsonIgnore]
    public long Objects => ByRequest.Sum(static request => request.Objects);

    /// <summary>How many bytes of netlink were answered.</summary>
    [JsonIgnore]
    public long Bytes => ByRequest.Sum(static request => request.Bytes);

    /// <summary>A phase's time, s.</summary>
    public double SecondsOf(WorkloadPhase phase) => Phases.Single(result => result.Phase == phase).Seconds;

    public static WorkloadResult Of(string target, WorkloadPlan plan, IReadOnlyList<PhaseResult> phases, IReadOnlyList<WorkloadClient> clients)
    {
        var requests = new List<RequestResult>();
        foreach (RequestKind kind in Enum.GetValues<RequestKind>())
        {
            var merged = new LatencyHistogram();
            foreach (WorkloadClient client in clients)
                merged.Add(client.Latencies[(int)kind]);
            if (merged.Count > 0)
                requests.Add(RequestResult.Of(kind, merged, clients.Count, clients.Sum(client => client.Objects[(int)kind]), clients.Sum(client => client.Bytes[(int)kind])));
        }
        return new WorkloadResult
        {
            Target = target,
            Namespaces = plan.Namespaces,
            Clients = plan.Clients,
            Interfaces = plan.Interfaces,
            Pipeline = plan.Pipeline,
            Kind = plan.Kind,
            Seconds = phases.Sum(static phase => phase.Seconds),
            Requests = phases.Sum(static phase => phase.Requests),
            Phases = phases,
            ByRequest = requests,
        };
    }
}

/// <summary>What a phase came to.</summary>
/// <param name="Phase">Which.</param>
/// <param name="Seconds">Its time.</param>
/// <param name="Requests">How many requests.</param>
internal sealed record PhaseResult(WorkloadPhase Phase, double Seconds, long Requests);

/// <summary>What the requests of one type came to; durations in µs, from sending to the answer, or each one's share of those that were sent together.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Count">How many.</param>
/// <param name="PerSecond">How many a second all clients together would make if they made no others.</param>
/// <param name="P50">The median.</param>
/// <param name="P99">The same of 99 in 100.</param>
/// <param name="Max">The longest.</param>
/// <param name="Objects">How many objects were answered.</param>
/// <param name="Bytes">How many bytes of netlink.</param>
internal sealed record RequestResult(RequestKind Kind, long Count, double PerSecond, double P50, double P99, double Max, long Objects, long Bytes)
{
    public static RequestResult Of(RequestKind kind, LatencyHistogram latencies, int clients, long objects, long bytes) => new(
        kind,
        latencies.Count,
        latencies.Count * clients / latencies.Sum.TotalSeconds,
        latencies.Quantile(0.5).TotalMicroseconds,
        latencies.Quantile(0.99).TotalMicroseconds,
        latencies.Max.TotalMicroseconds,
        objects,
        bytes);
}
