using System.Text.Json.Nodes;
using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Replication.Scrubbing;
using Pipeline.Runtime.Backups;
using Pipeline.Runtime.Catalog;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.HttpContract;

/// <summary>Backups as clients ask for them; each is read where it lies, and restored.</summary>
public abstract class BackupContract(HttpService service)
{
    private const int Events = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Text = """
        name: banked
        streams: { banked: { partitions: 3, key: k } }
        stages:
          other: { key: g, partitions: 2, materialize: true, query: 'SELECT g, n FROM banked WHERE n % 3 > 0' }
          before: { query: 'SELECT g, n, LAG(n) OVER (PARTITION BY g LIMIT DURATION(hour, 1)) AS p FROM other' }
        """;

    [Fact]
    public async Task A_backup_has_all_that_was_acknowledged_and_is_restored_as_it_was_cut()
    {
        var put = await service.PutAsync("banked", Text);
        Assert.True(put.IsApplied, put.ToString());
        await PostAsync(0);
        var first = await WholeAsync(await BeginAsync());
        await PostAsync(1);
        var second = await WholeAsync(await BeginAsync());
        Assert.Equal((Events, 2 * Events), (EndOf(first), EndOf(second)));
        Assert.True((long)second["events"]! >= (2 * Events) + (Events / 3), second.ToString());
        Assert.InRange((long)second["newBytes"]!, 1, (long)second["bytes"]!);

        // Every address lists it.
        foreach (var _ in service.Addresses)
        {
            var list = (await service.GetAsync("v1/backups")).Json;
            Assert.Equal((string?)second["id"], (string?)list["backups"]![0]!["id"]);
            Assert.Contains(list["backups"]!.AsArray(), one => (string?)one!["id"] == (string?)first["id"]);
            Assert.Equal(service.BackupFolder, (string?)list["to"]);
        }

        await IsRestoredAsync((string)second["id"]!);
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_said()
    {
        Assert.Equal((404, "not-found"), Said(await service.GetAsync("v1/backups/20260101t000000z-00000000")));
        Assert.Equal((404, "not-found"), Said(await service.GetAsync("v1/backups/start")));
        Assert.Equal((404, "not-found"), Said(await service.GetAsync("v1/backups/list")));
        Assert.Equal((404, "not-found"), Said(await service.GetAsync("v1/backups/..%2F..%2Fidentity")));
    }

    /// <summary>One at a time: whoever asks meanwhile is told which one it is.</summary>
    [Fact]
    public async Task Two_that_are_asked_for_at_once_are_one()
    {
        var both = await Task.WhenAll(PostBackupAsync(), PostBackupAsync());
        var begun = both.Where(static reply => reply.Status == 202).Select(static r => (string)r.Json["id"]!).ToList();
        Assert.NotEmpty(begun);
        Assert.All(both.Where(static reply => reply.Status != 202), static reply =>
            Assert.Equal((409, "conflict"), Said(reply)));
        foreach (var id in begun)
        {
            await WholeAsync(id);
        }
    }

    private static (int Status, string Problem) Said(Reply reply) => (reply.Status, reply.Problem);

    private static long EndOf(JsonNode backup) => backup["streams"]!.AsArray()
        .Single(static stream => (string?)stream!["name"] == "banked")!["partitions"]!.AsArray()
        .Sum(static partition => (long)partition!["end"]!);

    private Task<Reply> PostBackupAsync() => service.SendAsync(new HttpRequestMessage(HttpMethod.Post, "v1/backups"));

    /// <summary>Another test of this contract may have one made just now.</summary>
    private async Task<string> BeginAsync()
    {
        var reply = await Eventually.GetAsync(
            PostBackupAsync, static reply => reply.Status == 202, Patience, "a backup begins");
        return (string)reply.Json["id"]!;
    }

    private async Task<JsonNode> WholeAsync(string id)
    {
        var reply = await Eventually.GetAsync(
            () => service.GetAsync($"v1/backups/{id}"),
            static reply => reply.Status == 200 && (string?)reply.Json["state"] != "running",
            Patience,
            $"backup {id} ends");
        Assert.True((string?)reply.Json["state"] == "done", reply.ToString());
        return reply.Json;
    }

    private async Task PostAsync(int round)
    {
        var lines = Enumerable.Range(round * Events, Events)
            .Select(static n => $$"""{"k":"k{{n % 17}}","g":"g{{n % 5}}","n":{{n}}}""");
        var reply = await service.PostAsync(
            "banked", string.Join('\n', lines), headers: $"Idempotency-Key: banked-{round}");
        Assert.Equal(200, reply.Status);
    }

    private async Task IsRestoredAsync(string id)
    {
        using var from = new DirectorySlot("backup", service.BackupFolder);
        var place = await BackupPlace.OpenAsync(from, TimeProvider.System, null);
        var backup = (await place.ReadAsync(id))!;
        Assert.Empty(await new BackupVerification(place).RunAsync(backup));
        var folder = Directory.CreateTempSubdirectory("pipeline-restored-").FullName;
        var slots = Enumerable.Range(1, 3)
            .Select(i => new DirectorySlot($"{i}", Path.Combine(folder, $"{i}"))).ToList();
        var restoration = new BackupRestoration(place, slots, new Random(), TimeProvider.System);
        var catalog = RestoredCatalog.Of(backup, new Random());
        await restoration.RunAsync(backup, RestoredCatalog.Name, catalog);
        var report = await StoreVerification.RunAsync(slots, new CatalogLogs(), TimeProvider.System);
        Assert.True(report.IsIdentical, string.Join('\n', report.Findings));
        var again = await Assert.ThrowsAsync<BackupException>(() =>
            restoration.RunAsync(backup, RestoredCatalog.Name, catalog));
        Assert.Contains("empty stores only", again.Message, StringComparison.Ordinal);
        slots.ForEach(static slot => slot.Dispose());
        Directory.Delete(folder, recursive: true);
    }
}
