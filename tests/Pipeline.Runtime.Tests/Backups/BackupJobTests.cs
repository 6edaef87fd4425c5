using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Backups.Service;
using Pipeline.Runtime.Backups;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Backups;

/// <summary>
/// Backups of a job while events come and it is killed now and then; each of them restored, given all events once more,
/// and held against a computation over all of them.
/// </summary>
public sealed class BackupJobTests
{
    private const int Batches = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Job = """
        name: t
        streams:
          a: { partitions: 3, key: id, time: at }
          b: { partitions: 2, time: at }
        query: |
          WITH pairs AS (
            SELECT a.id, a.n AS l, b.n AS r FROM a JOIN b ON b.id = a.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 4)
          SELECT * INTO all FROM pairs
          SELECT id, COUNT(*) AS n INTO counts FROM pairs GROUP BY id, TumblingWindow(minute, 10)
          SELECT a.id, a.n INTO alone FROM a LEFT JOIN b ON b.id = a.id AND DATEDIFF(second, a, b) BETWEEN 0 AND 4
          WHERE b.id IS NULL
        stages: { pairs: { lateness: 1h }, counts: { lateness: 1h }, alone: { lateness: 1h } }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Each_backup_goes_on_exactly_once_wherever_it_was_cut(int seed)
    {
        var draw = new Random(seed);
        var batches = Enumerable.Range(0, Batches)
            .Select(batch => new JobBatch(Batch(draw, batch), Batch(draw, batch))).ToList();
        var (pairs, counts, alone) = JoinJobTests.Expected(
            [.. batches.SelectMany(static batch => batch.A)], [.. batches.SelectMany(static batch => batch.B)]);
        await using var stores = await ThreeStores.FormatAsync();
        var folder = Directory.CreateTempSubdirectory("pipeline-backups-").FullName;
        var acknowledged = await RunAsync(stores, folder, batches, draw);
        using var slot = new DirectorySlot("backup", folder);
        var place = await BackupPlace.OpenAsync(slot, TimeProvider.System, null);
        var ids = await place.ListAsync();
        Assert.InRange(ids.Count, 2, Batches);
        foreach (var id in ids)
        {
            var backup = (await place.ReadAsync(id))!;
            Assert.Empty(await new BackupVerification(place).RunAsync(backup));
            await HoldsAsync(
                place, backup, batches, acknowledged[id], [("t.all", pairs), ("t.counts", counts), ("t.alone", alone)]);
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>By backup, how many batches were acknowledged before it began.</summary>
    private static async Task<Dictionary<string, int>> RunAsync(
        ThreeStores stores, string folder, List<JobBatch> batches, Random draw)
    {
        var acknowledged = new Dictionary<string, int>();
        for (var sent = 0; sent < batches.Count;)
        {
            using var slot = new DirectorySlot("backup", folder);
            await using var world = await PipelineWorld.StartAsync(
                stores,
                draw.Next(),
                rollBytes: draw.Next(2, 20) << 10,
                change: settings => settings with { Backup = new BackupSettings { Slot = slot } });
            await world.ApplyAsync(Job);
            for (var life = draw.Next(2, 6); life > 0 && sent < batches.Count; life--)
            {
                var begun = await world.Backups.StartAsync(TestContext.Current.CancellationToken);
                if (begun.Status == BackupStatus.Started)
                {
                    acknowledged[begun.Id!] = sent;
                }

                await Task.Delay(draw.Next(60), TestContext.Current.CancellationToken);
                await SendAsync(world, batches, sent, ++sent);
                if (draw.Next(3) > 0)
                {
                    await WholeAsync(world, begun.Id!);
                }
            }
        }

        return acknowledged;
    }

    private static async Task WholeAsync(PipelineWorld world, string id)
    {
        var answer = await Eventually.GetAsync(
            async () => await world.Backups.GetAsync(id, TestContext.Current.CancellationToken),
            static answer => answer.Backups is [{ State: not BackupView.Running }],
            Patience,
            $"backup {id}");
        Assert.True(answer.Backups[0].State == BackupView.Whole, answer.Backups[0].Reason);
    }

    private static async Task HoldsAsync(
        BackupPlace place,
        Backup backup,
        List<JobBatch> batches,
        int acknowledged,
        IReadOnlyList<(string Stream, List<string> Rows)> expected)
    {
        var (restored, slots) = ThreeStores.Blank();
        await using var owned = restored;
        var draw = new Random(1);
        await new BackupRestoration(place, slots, draw, TimeProvider.System)
            .RunAsync(backup, RestoredCatalog.Name, RestoredCatalog.Of(backup, draw));
        await restored.OpenAsync();
        await using var world = await PipelineWorld.StartAsync(restored);

        // All that was acknowledged before it began is there, and is known as sent.
        var before = batches.Take(acknowledged).Sum(static batch => batch.A.Length);
        Assert.True((await world.ReadAsync("a", before)).Count >= before);
        await SendAsync(world, batches, 0, batches.Count);
        Assert.Equal(
            batches.Sum(static batch => batch.A.Length),
            (await world.ReadAsync("a", batches.Sum(static batch => batch.A.Length))).Count);
        await world.EndAsync("a", "b");
        foreach (var (stream, rows) in expected)
        {
            Assert.Equal(rows, await world.ValuesAsync(stream, rows.Count));
        }
    }

    private static async Task SendAsync(PipelineWorld world, List<JobBatch> batches, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            await world.AppendAsync("a", $"a{i}", batches[i].A);
            await world.AppendAsync("b", $"b{i}", batches[i].B);
        }
    }

    private static (string Key, string Value)[] Batch(Random draw, int batch) =>
    [
        .. Enumerable.Range(0, draw.Next(5, 40)).Select(n =>
        {
            var (id, at) = ($"k{draw.Next(12)}", TimeSpan.FromSeconds((batch * 6) + draw.Next(1, 12)));
            return (id, $$"""{"id":"{{id}}","n":{{(batch * 1000) + n}},"at":"2023-01-01T00:{{at:mm\:ss}}Z"}""");
        }),
    ];
}
