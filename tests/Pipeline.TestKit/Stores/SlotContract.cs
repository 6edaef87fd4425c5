using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Stores;

/// <summary>
/// What lies at a place: identity, mark, incarnations; and that a store never speaks for another one.
/// </summary>
public abstract class SlotContract(StoreSource source) : IAsyncLifetime
{
    private static readonly Kernel.Identity.BlobName Blob = new("a");

    protected StoreSource Source { get; } = source;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_place_is_blank_then_identified_then_formatted()
    {
        var slot = await Source.NewSlotAsync();
        var id = StoreSource.NewId();

        Assert.Equal(StoreCondition.Blank, (await slot.ProbeAsync(default)).Condition);
        Assert.True((await slot.IdentifyAsync(id, default)).IsOk);
        Assert.Equal(new StoreProbe(StoreCondition.Identified, id), await slot.ProbeAsync(default));
        Assert.True((await slot.MarkFormattedAsync(id, default)).IsOk);
        Assert.True((await slot.MarkFormattedAsync(id, default)).IsOk);
        var again = await Source.NewSlotAsync();
        Assert.Equal(new StoreProbe(StoreCondition.Formatted, id), await again.ProbeAsync(default));
    }

    [Fact]
    public async Task An_identity_is_never_written_over()
    {
        var slot = await Source.NewSlotAsync();
        var id = StoreSource.NewId();
        await slot.IdentifyAsync(id, default);

        var second = await (await Source.NewSlotAsync()).IdentifyAsync(StoreSource.NewId(), default);

        Assert.Equal(BlobStatus.Conflict, second.Status);
        Assert.Equal(id, (await slot.ProbeAsync(default)).Id);
    }

    [Fact]
    public async Task A_mark_needs_the_identity_it_names()
    {
        var slot = await Source.NewSlotAsync();
        await slot.IdentifyAsync(StoreSource.NewId(), default);

        Assert.Equal(BlobStatus.StoreLost, (await slot.MarkFormattedAsync(StoreSource.NewId(), default)).Status);
        Assert.Equal(StoreCondition.Identified, (await slot.ProbeAsync(default)).Condition);
    }

    [Fact]
    public async Task A_store_of_another_identity_is_lost()
    {
        var slot = await Source.NewSlotAsync();
        await slot.IdentifyAsync(StoreSource.NewId(), default);
        var store = Source.Decorate(slot.Open(StoreSource.NewId()));

        await AssertLostAsync(store);
    }

    [Fact]
    public async Task A_store_on_a_blank_place_is_lost_and_creates_nothing()
    {
        var slot = await Source.NewSlotAsync();

        await AssertLostAsync(Source.Decorate(slot.Open(StoreSource.NewId())));

        Assert.Equal(StoreCondition.Blank, (await slot.ProbeAsync(default)).Condition);
    }

    [Fact]
    public async Task A_new_incarnation_sees_nothing_of_the_former_one_which_is_lost()
    {
        var former = await Source.FormatAsync();
        await former.PutAsync(Blob, new byte[3], PutCondition.IfAbsent, default);
        await former.CreateAppendBlobAsync(new("log"), default);
        var slot = await Source.NewSlotAsync();
        var id = StoreSource.NewId();

        Assert.Equal(BlobStatus.Conflict, (await slot.ReplaceIdentityAsync(StoreSource.NewId(), id, default)).Status);
        Assert.Equal(BlobStatus.Ok, (await slot.ReplaceIdentityAsync(former.Id, id, default)).Status);

        Assert.Equal(new StoreProbe(StoreCondition.Identified, id), await slot.ProbeAsync(default));
        Assert.Empty((await Source.Decorate(slot.Open(id)).ListAsync("", default)).Items);
        await AssertLostAsync(former);
    }

    [Fact]
    public async Task Replacing_the_identity_of_a_blank_place_conflicts()
    {
        var slot = await Source.NewSlotAsync();

        var replaced = await slot.ReplaceIdentityAsync(default, StoreSource.NewId(), default);

        Assert.Equal(BlobStatus.Conflict, replaced.Status);
        Assert.Equal(StoreCondition.Blank, (await slot.ProbeAsync(default)).Condition);
    }

    private static async Task AssertLostAsync(IBlobStore store)
    {
        var log = new Kernel.Identity.BlobName("log");
        ReadOnlyMemory<byte>[] bytes = [new byte[1]];
        Assert.Equal(BlobStatus.StoreLost, (await store.GetAsync(Blob, default)).Status);
        Assert.Equal(BlobStatus.StoreLost, (await store.AppendAsync(log, 0, bytes, default)).Status);
        Assert.Equal(BlobStatus.StoreLost, (await store.GetRangeAsync(Blob, 0, 1, default)).Status);
        Assert.Equal(
            BlobStatus.StoreLost, (await store.PutAsync(Blob, bytes[0], PutCondition.IfAbsent, default)).Status);
        Assert.Equal(BlobStatus.StoreLost, (await store.CreateAppendBlobAsync(log, default)).Status);
        Assert.Equal(BlobStatus.StoreLost, (await store.SealAsync(log, default)).Status);
        Assert.Equal(BlobStatus.StoreLost, (await store.DeleteAsync(log, default)).Status);
        Assert.Equal(BlobStatus.StoreLost, (await store.ListAsync("", default)).Status);
    }
}
