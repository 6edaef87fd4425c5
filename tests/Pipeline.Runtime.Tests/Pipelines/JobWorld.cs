namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>What tests of whole jobs ask a world for.</summary>
internal static class JobWorld
{
    /// <summary>No earlier event will come.</summary>
    public static async Task EndAsync(this PipelineWorld world, params string[] streams)
    {
        foreach (var stream in streams)
        {
            await world.WatermarkAsync(stream, new DateTime(2024, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks);
        }
    }

    /// <summary>All values of a stream in their order, once all that is there has been processed.</summary>
    public static async Task<List<string>> ValuesAsync(
        this PipelineWorld world, string stream, int count, string pipeline = "t")
    {
        _ = await world.ReadAsync(stream, count);
        await world.UntilAsync(pipeline, status => status.Instances.All(i => i.LagEvents == 0));
        return InOrder((await world.ReadAsync(stream, count)).Select(row => row[row.IndexOf('{')..]));
    }

    public static List<string> InOrder(IEnumerable<string> rows) => [.. rows.Order(StringComparer.Ordinal)];
}
