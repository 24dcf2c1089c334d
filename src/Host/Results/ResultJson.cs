using System.Text.Json;
using System.Text.Json.Serialization;

namespace SmallRtnl.Results;

/// <summary>How a report is written, for programs without reflection as well.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(ResultReport))]
internal sealed partial class ResultJson : JsonSerializerContext;
