using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>What tests of whole jobs ask a world for.</summary>
internal static class JobWorld
{
    /// <summary>
    /// Sends batches of streams "a" and "b" to a job that is killed after a few of them, wherever it is then; the world
    /// in which all of them were sent, and no earlier event will come.
    /// </summary>
    public static async Task<PipelineWorld> KilledAsync(
        ThreeStores stores, string job, IReadOnlyList<JobBatch> batches, Random draw, int mostRead)
    {
        for (var sent = 0; sent < batches.Count;)
        {
            await using var world = await PipelineWorld.StartAsync(stores, draw.Next());
            await world.ApplyAsync(job);
            var target = draw.Next(1, mostRead);
            for (var i = 0; i < 3 && sent < batches.Count; i++, sent++)
            {
                await world.AppendAsync("a", $"{sent}", batches[sent].A);
                await world.AppendAsync("b", $"{sent}", batches[sent].B);
            }

            await world.UntilAsync("t", status => status.Instances.Sum(i => i.Counts.Read) >= target
                || status.Instances.All(i => i.LagEvents == 0));
        }

        var last = await PipelineWorld.StartAsync(stores, draw.Next());
        await last.EndAsync("a", "b");
        return last;
    }

    /// <summary>A file sink has written these rows, and each once.</summary>
    public static async Task SinkHasAsync(this PipelineWorld world, string sink, IReadOnlyList<string> rows)
    {
        await world.UntilAsync("t", status => status.Instances.Where(i => i.Stage == sink)
            .Sum(i => i.CheckpointCursor ?? 0) == rows.Count);
        Assert.Equal(rows, InOrder(
            Directory.GetFiles(world.Data + "/out", "*.ndjson").SelectMany(File.ReadAllLines)));
        Directory.Delete(world.Data, recursive: true);
    }

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

/// <summary>Events of two streams that are sent together.</summary>
internal sealed record JobBatch((string Key, string Value)[] A, (string Key, string Value)[] B);
