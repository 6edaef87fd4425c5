using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Registers;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Blobs;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Stores;
using Xunit;

namespace Pipeline.Replication.Tests.Stores;

public sealed class StoreSetTests : IAsyncLifetime
{
    private static readonly BlobName Catalog = new("registers/catalog");
    private readonly DirectoryStores _stores = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Blank_places_are_formatted_and_found_again()
    {
        var first = await _stores.OpenAsync();
        var second = await _stores.OpenAsync();

        Assert.Equal(["1", "2", "3"], first.Members.Select(member => member.Slot));
        Assert.Equal(first.Members.Select(member => member.Id), second.Members.Select(member => member.Id));
        await DirectoryStores.AllUpAsync(second);
    }

    [Fact]
    public async Task Two_processes_that_format_at_once_agree()
    {
        var (first, second) = (_stores.NewSet(), _stores.NewSet());

        await Task.WhenAll(OpenAsync(first), OpenAsync(second));

        Assert.Equal(first.Members.Select(member => member.Id), second.Members.Select(member => member.Id));

        async Task OpenAsync(StoreSet set)
        {
            while ((await _stores.OnLoopAsync(() => set.OpenAsync(default))).Result != StoreSetResult.Opened)
            {
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_format_that_was_cut_off_before_any_mark_starts_over(int identified)
    {
        for (var i = 0; i < identified; i++)
        {
            using var slot = _stores.NewSlot(i);
            var id = StoreSource.NewId();
            await slot.IdentifyAsync(id, default);
            var left = slot.Open(id);
            await left.PutAsync(Membership.Register, new byte[7], PutCondition.IfAbsent, default);
        }

        var set = _stores.NewSet();
        var outcome = await _stores.OnLoopAsync(() => set.OpenAsync(default));
        if (outcome.Result == StoreSetResult.Unavailable)
        {
            Assert.Contains("starting over", outcome.Detail, StringComparison.Ordinal);
            outcome = await _stores.OnLoopAsync(() => set.OpenAsync(default));
        }

        Assert.Equal(StoreSetResult.Opened, outcome.Result);
    }

    [Fact]
    public async Task A_format_that_was_cut_off_after_a_mark_is_completed()
    {
        var ids = (await _stores.OpenAsync()).Members.Select(member => member.Id).ToArray();
        File.Delete(Path.Combine(_stores.Root(1), "formatted"));
        File.Delete(Path.Combine(_stores.Root(2), "formatted"));

        var again = await _stores.OpenAsync();

        Assert.Equal(ids, again.Members.Select(member => member.Id));
        await Eventually.TrueAsync(
            () => File.Exists(Path.Combine(_stores.Root(1), "formatted")), () => string.Join('\n', again.Status));
    }

    [Fact]
    public async Task A_newer_version_is_refused_with_both_versions_named()
    {
        await _stores.OpenAsync();
        var text = "pipeline-store 2 00000000000000000000000000000000";
        var crc = Kernel.Codecs.Crc32C.Compute(Encoding.ASCII.GetBytes(text));
        await File.WriteAllTextAsync(Path.Combine(_stores.Root(1), "identity"), $"{text} {crc:x8}\n");

        var set = _stores.NewSet();
        var outcome = await _stores.OnLoopAsync(() => set.OpenAsync(default));

        Assert.Equal(StoreSetResult.Refused, outcome.Result);
        Assert.Contains("format version 2; this program knows up to 1", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_stores_is_refused()
    {
        await _stores.OpenAsync();

        var set = _stores.NewSet(slots: 1);
        var outcome = await _stores.OnLoopAsync(() => set.OpenAsync(default));

        Assert.Equal(StoreSetResult.Refused, outcome.Result);
        Assert.Contains("lies on 3 stores, 1 are configured", outcome.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_majority_is_blank_nothing_is_formatted_and_its_return_is_waited_for()
    {
        await _stores.OpenAsync();
        Directory.Move(_stores.Root(0), _stores.Root(0) + "-away");
        Directory.Move(_stores.Root(2), _stores.Root(2) + "-away");

        var set = _stores.NewSet();
        var outcome = await _stores.OnLoopAsync(() => set.OpenAsync(default));

        Assert.Equal(StoreSetResult.Unavailable, outcome.Result);
        Assert.Contains("only 1 of the stores that vote are there", outcome.Detail, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stores.Root(0)));

        Directory.Move(_stores.Root(0) + "-away", _stores.Root(0));
        Assert.Equal(StoreSetResult.Opened, (await _stores.OnLoopAsync(() => set.OpenAsync(default))).Result);
    }

    [Theory]
    [InlineData("delete the directory")]
    [InlineData("flip a bit of the identity")]
    [InlineData("put another store there")]
    [InlineData("put a copy of it there")]
    public async Task A_store_that_lost_its_contents_rejoins_with_every_register(string loss)
    {
        var set = await _stores.OpenAsync();
        await _stores.OnLoopAsync(() => set.Registers.BearAsync(Catalog, "zero"u8.ToArray(), default));
        await ChangeAsync(set, "one");
        await DirectoryStores.AllUpAsync(set);
        var former = set.Members[1].Id;

        await LoseAsync(loss);

        await Eventually.TrueAsync(() => set.Members[1].Id != former, () => string.Join('\n', set.Status));
        await DirectoryStores.AllUpAsync(set);
        var held = await set.Members[1].Store.GetAsync(Catalog, default);
        Assert.Contains("one", Encoding.UTF8.GetString(held.Bytes.Span), StringComparison.Ordinal);
        Assert.Equal(set.Members.Select(member => member.Id), (await _stores.OpenAsync()).Members.Select(m => m.Id));
    }

    [Fact]
    public async Task Two_processes_that_see_a_loss_at_once_agree_on_who_follows()
    {
        var (first, second) = (await _stores.OpenAsync(), await _stores.OpenAsync());
        await _stores.OnLoopAsync(() => first.Registers.BearAsync(Catalog, "zero"u8.ToArray(), default));
        await ChangeAsync(second, "one");
        await DirectoryStores.AllUpAsync(first);
        await DirectoryStores.AllUpAsync(second);

        _stores.Delete(1);
        await DirectoryStores.PhaseAsync(first, 1, StorePhase.Lost);

        await DirectoryStores.AllUpAsync(first);
        await DirectoryStores.AllUpAsync(second);
        Assert.Equal(first.Members.Select(member => member.Id), second.Members.Select(member => member.Id));
        await ChangeAsync(first, "two");
        await ChangeAsync(second, "three");
    }

    [Fact]
    public async Task After_a_rejoin_the_next_loss_is_survived_as_well()
    {
        var set = await _stores.OpenAsync();
        await _stores.OnLoopAsync(() => set.Registers.BearAsync(Catalog, "zero"u8.ToArray(), default));
        foreach (var (slot, value) in new[] { (0, "one"), (1, "two"), (2, "three"), (0, "four") })
        {
            await ChangeAsync(set, value);
            await DirectoryStores.AllUpAsync(set);
            var former = set.Members[slot].Id;
            _stores.Delete(slot);
            await Eventually.TrueAsync(() => set.Members[slot].Id != former, () => string.Join('\n', set.Status));
            await DirectoryStores.AllUpAsync(set);
            var read = await _stores.OnLoopAsync(() => set.Registers.Open(Catalog).ReadAsync(default));
            Assert.Equal(value, Encoding.UTF8.GetString(read.Value.Span));
        }
    }

    [Fact]
    public async Task With_two_stores_lost_nothing_rejoins_and_nothing_is_created()
    {
        var set = await _stores.OpenAsync();
        await DirectoryStores.AllUpAsync(set);
        _stores.Delete(0);
        _stores.Delete(1);

        await DirectoryStores.PhaseAsync(set, 0, StorePhase.Lost);
        await DirectoryStores.PhaseAsync(set, 1, StorePhase.Lost);
        await Eventually.TrueAsync(
            () => set.Status[0].Detail!.Contains("2 are needed", StringComparison.Ordinal), () => $"{set.Status[0]}");

        Assert.False(Directory.Exists(_stores.Root(0)));
        Assert.False(Directory.Exists(_stores.Root(1)));
    }

    [Fact]
    public async Task A_store_that_was_away_and_comes_back_whole_keeps_its_identity()
    {
        var set = await _stores.OpenAsync();
        await DirectoryStores.AllUpAsync(set);
        Directory.Move(_stores.Root(0), _stores.Root(0) + ".away");
        Directory.Move(_stores.Root(1), _stores.Root(1) + ".away");
        await DirectoryStores.PhaseAsync(set, 0, StorePhase.Lost);
        await DirectoryStores.PhaseAsync(set, 1, StorePhase.Lost);
        var ids = set.Members.Select(member => member.Id).ToArray();

        Directory.Move(_stores.Root(0) + ".away", _stores.Root(0));
        Directory.Move(_stores.Root(1) + ".away", _stores.Root(1));

        await DirectoryStores.AllUpAsync(set);
        Assert.Equal(ids, set.Members.Select(member => member.Id));
    }

    [Fact]
    public async Task Slots_given_in_another_order_are_told_apart_by_identity()
    {
        var ids = (await _stores.OpenAsync()).Members.Select(member => member.Id).ToArray();
        Directory.Move(_stores.Root(0), _stores.Root(0) + ".away");
        Directory.Move(_stores.Root(2), _stores.Root(0));
        Directory.Move(_stores.Root(0) + ".away", _stores.Root(2));

        var set = await _stores.OpenAsync();

        await DirectoryStores.AllUpAsync(set);
        Assert.Equal([ids[2], ids[1], ids[0]], set.Members.Select(member => member.Id));
    }

    private async Task ChangeAsync(StoreSet set, string value)
    {
        var changed = await _stores.OnLoopAsync(() =>
            set.Registers.Open(Catalog).ProposeAsync(_ => Encoding.UTF8.GetBytes(value), default));
        Assert.Equal(RegisterStatus.Chosen, changed.Status);
    }

    private async Task LoseAsync(string loss)
    {
        var root = _stores.Root(1);
        var identity = Path.Combine(root, "identity");
        switch (loss)
        {
            case "delete the directory":
                _stores.Delete(1);
                break;
            case "flip a bit of the identity":
                var bytes = await File.ReadAllBytesAsync(identity);
                bytes[20] ^= 1;
                await File.WriteAllBytesAsync(identity, bytes);
                break;
            case "put another store there":
                _stores.Delete(1);
                using (var slot = _stores.NewSlot(1))
                {
                    await slot.IdentifyAsync(StoreSource.NewId(), default);
                }

                break;
            default:
                File.Copy(identity, identity + ".copy");
                File.Move(identity + ".copy", identity, overwrite: true);
                break;
        }
    }
}
