using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmallRtnl.Host;

/// <summary>What the workload reads and writes as JSON, for programs without reflection as well.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ServerReport))]
[JsonSerializable(typeof(WorkloadReport))]
internal sealed partial class WorkloadJson : JsonSerializerContext;
