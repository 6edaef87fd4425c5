using System.Text.Json.Nodes;

namespace Pipeline.Silo.Health;

/// <summary>GET /grains: what this silo serves now, for people.</summary>
internal sealed class GrainsEndpoint(IGrainFactory grains, ILocalSiloDetails silo)
{
    public void Map(WebApplication app) => app.MapGet("/grains", async () =>
    {
        var statistics = await grains.GetGrain<IManagementGrain>(0)
            .GetDetailedGrainStatistics(null, [silo.SiloAddress]);
        return Results.Text(
            new JsonObject
            {
                ["silo"] = silo.SiloAddress.ToString(),
                ["partitions"] = Keys(statistics, "partition"),
                ["stages"] = Keys(statistics, "stage"),
                ["keeper"] = Keys(statistics, "keeper").Count > 0,
            }.ToJsonString(),
            "application/json");
    });

    private static JsonArray Keys(DetailedGrainStatistic[] statistics, string type) => [.. statistics
        .Where(statistic => statistic.GrainId.Type.ToString() == type)
        .Select(static statistic => (JsonNode)statistic.GrainId.Key.ToString()!)];
}
