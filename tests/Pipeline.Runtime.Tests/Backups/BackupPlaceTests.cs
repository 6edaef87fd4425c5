using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Backups.Service;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Registers;
using Pipeline.Runtime.Backups;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Backups;

/// <summary>
/// Places of backups that several services share, that are damaged, or are none; restores that are cut off.
/// </summary>
public sealed class BackupPlaceTests : IDisposable
{
    private const string Job = """
        name: t
        streams: { a: { partitions: 2, key: k } }
        stages: { s: { query: SELECT n FROM a } }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-backups-").FullName;
    private readonly DirectorySlot _slot;

    public BackupPlaceTests() => _slot = new DirectorySlot("backup", _folder);

    public void Dispose()
    {
        _slot.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task No_service_starts_on_stores_onto_which_a_backup_was_not_written_to_the_end()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var (place, backup) = await BackUpAsync(stores);
        var hash = backup.Pieces().Last().Hash;
        var piece = Directory.GetFiles(_folder, $"{hash}*", SearchOption.AllDirectories).Single();
        File.Move(piece, piece + ".away");
        var (blank, slots) = ThreeStores.Blank();
        await using var owned = blank;
        var restoration = new BackupRestoration(place, slots, new Random(1), TimeProvider.System);
        var catalog = RestoredCatalog.Of(backup, new Random(1));
        var failed = await Assert.ThrowsAsync<BackupException>(() =>
            restoration.RunAsync(backup, RestoredCatalog.Name, catalog));
        Assert.Contains("is missing", failed.Message, StringComparison.Ordinal);

        var (state, detail) = await StartAsync(slots);
        Assert.Equal(EngineState.Refused, state);
        Assert.Contains("run pipeline restore again", detail, StringComparison.Ordinal);

        File.Move(piece + ".away", piece);
        await restoration.RunAsync(backup, RestoredCatalog.Name, catalog);
        Assert.Equal(EngineState.Running, (await StartAsync(slots)).State);
    }

    [Fact]
    public async Task Services_that_share_a_place_keep_their_own_newest_backups()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var others = await ThreeStores.FormatAsync();
        var ids = new List<string>();
        foreach (var of in (ThreeStores[])[stores, stores, others, others])
        {
            ids.Add((await BackUpAsync(of, of == stores ? 1 : 2)).Backup.Id);
        }

        var place = await BackupPlace.OpenAsync(_slot, TimeProvider.System, null);
        Assert.Equal(2, (await new BackupPrune(place, TimeProvider.System).RunAsync(1, null)).Backups);
        Assert.Equal([ids[1], ids[3]], await place.ListAsync());
        foreach (var id in await place.ListAsync())
        {
            Assert.Empty(await new BackupVerification(place).RunAsync((await place.ReadAsync(id))!));
        }
    }

    [Fact]
    public async Task A_copy_under_another_name_is_told_and_hides_no_other_backup()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var (place, backup) = await BackUpAsync(stores);
        var file = Directory.GetFiles(_folder, $"{backup.Id}*", SearchOption.AllDirectories)
            .Single(static path => path.Contains("/backups/", StringComparison.Ordinal));
        File.Copy(file, file.Replace(backup.Id, "20991130t155311120z-34b8cc0a", StringComparison.Ordinal));
        var wrong = await Assert.ThrowsAsync<BackupException>(() => place.ReadAsync("20991130t155311120z-34b8cc0a"));
        Assert.Contains($"is a copy of {backup.Id}", wrong.Message, StringComparison.Ordinal);
        await using var world = await PipelineWorld.StartAsync(stores, change: settings => settings with
        {
            Backup = new BackupSettings { Slot = _slot },
        });
        var list = await world.Backups.ListAsync(TestContext.Current.CancellationToken);
        Assert.Equal([BackupView.Failed, BackupView.Whole], list.Backups.Select(static view => view.State));
    }

    [Fact]
    public async Task A_place_in_a_store_or_around_one_is_none()
    {
        await using var stores = await ThreeStores.FormatAsync();
        foreach (var path in (string[])[Path.Combine(stores.Root(0), "deep"), Path.GetDirectoryName(stores.Root(0))!])
        {
            using var slot = new DirectorySlot("backup", path);
            await using var world = await PipelineWorld.StartAsync(stores, change: settings => settings with
            {
                Backup = new BackupSettings { Slot = slot },
                StoreDirectories = [stores.Root(0), stores.Root(1), stores.Root(2)],
            });
            var answer = await world.Backups.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal(BackupStatus.NotConfigured, answer.Status);
            Assert.Contains("name a folder elsewhere", answer.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_stores_with_one_address_are_told()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var (place, backup) = await BackUpAsync(stores);
        var (blank, slots) = ThreeStores.Blank();
        await using var owned = blank;
        var wrong = await Assert.ThrowsAsync<BackupException>(() =>
            new BackupRestoration(place, [slots[0], slots[0], slots[1]], new Random(1), TimeProvider.System)
                .RunAsync(backup, RestoredCatalog.Name, RestoredCatalog.Of(backup, new Random(1))));
        Assert.Contains("two stores have one address", wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>A change that was under way at the cut has made registers that no catalog names yet.</summary>
    [Fact]
    public async Task What_was_restored_lives_already_for_whoever_bears_it_anew()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var (place, backup) = await BackUpAsync(stores);
        var (blank, slots) = ThreeStores.Blank();
        await using var owned = blank;
        await new BackupRestoration(place, slots, new Random(1), TimeProvider.System)
            .RunAsync(backup, RestoredCatalog.Name, RestoredCatalog.Of(backup, new Random(1)));
        await blank.OpenAsync();
        using var loop = new ThreadLoop("registers", static fault => Assert.Fail($"{fault}"));
        var registers = new QuorumRegisters(blank.Set, loop, new Random(1));
        var initial = StageCheckpointCodec.Write(StageCheckpoint.None);
        foreach (var name in backup.Registers.Select(static register => register.Name)
            .Where(static name => name.StartsWith("registers/stages/", StringComparison.Ordinal)))
        {
            var borne = await registers.BearAsync(new(name), initial, TestContext.Current.CancellationToken);
            Assert.Equal(RegisterStatus.Chosen, borne.Status);
            Assert.True(StageCheckpointCodec.Read(borne.Value.Span).Epoch.Value > 1L << 32);
        }
    }

    private async Task<(BackupPlace Place, Backup Backup)> BackUpAsync(ThreeStores stores, int seed = 1)
    {
        await using var world = await PipelineWorld.StartAsync(stores, seed, change: settings => settings with
        {
            Backup = new BackupSettings { Slot = _slot },
        });
        await world.ApplyAsync(Job);
        await world.AppendAsync("a", $"{Guid.NewGuid()}", ("x", """{"k":"x","n":1}"""), ("y", """{"k":"y","n":2}"""));
        var id = (await world.Backups.StartAsync(TestContext.Current.CancellationToken)).Id!;
        var answer = await Eventually.GetAsync(
            async () => await world.Backups.GetAsync(id, TestContext.Current.CancellationToken),
            static answer => answer.Backups is [{ State: not BackupView.Running }],
            Patience,
            $"backup {id}");
        Assert.True(answer.Backups[0].State == BackupView.Whole, answer.Backups[0].Reason);
        var place = await BackupPlace.OpenAsync(_slot, TimeProvider.System, null);
        return (place, (await place.ReadAsync(id))!);
    }

    private static async Task<(EngineState State, string? Detail)> StartAsync(
        IReadOnlyList<Storage.Blobs.IStoreSlot> slots)
    {
        var loops = new List<ThreadLoop>();
        var engine = new PipelineEngine(
            new EngineHost { Slots = slots, NewLoop = NewLoop, Draw = new Random(1), Name = "test" },
            new EngineOptions());
        var state = await engine.StartAsync(TestContext.Current.CancellationToken);
        var detail = engine.Health.Detail;
        await engine.StopAsync(CancellationToken.None);
        await engine.DisposeAsync();
        loops.ForEach(static loop => loop.Dispose());
        return (state, detail);

        ThreadLoop NewLoop(string name)
        {
            var loop = new ThreadLoop(name, static _ => { });
            lock (loops)
            {
                loops.Add(loop);
            }

            return loop;
        }
    }
}
