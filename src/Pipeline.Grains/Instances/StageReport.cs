using System.Text.Json;
using Pipeline.Processing.Instances;

namespace Pipeline.Grains.Instances;

/// <summary>How an instance is.</summary>
/// <param name="Status">JSON, so that versions may differ; null where it does not run (yet).</param>
/// <param name="DurableCursor">Of its last checkpoint.</param>
/// <param name="Silo">Where it runs; null where it does not (yet).</param>
[GenerateSerializer, Immutable, Alias("pipeline.StageReport")]
internal sealed record StageReport(
    [property: Id(0)] byte[]? Status, [property: Id(1)] long? DurableCursor, [property: Id(2)] SiloAddress? Silo)
{
    public static readonly StageReport None = new(null, null, null);

    public static StageReport Of(IInstance instance, SiloAddress silo) =>
        new(JsonSerializer.SerializeToUtf8Bytes(instance.Status), instance.DurableCursor, silo);

    public StageInstanceStatus? ToStatus() => Status is null
        ? null
        : JsonSerializer.Deserialize<StageInstanceStatus>(Status);
}
