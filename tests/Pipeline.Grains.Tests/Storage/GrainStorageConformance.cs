using Orleans.Storage;

namespace Pipeline.Grains.Tests.Storage;

/// <summary>What every grain storage promises: ETags and what they guard.</summary>
public abstract class GrainStorageConformance
{
    /// <summary>The provider under test.</summary>
    protected abstract IGrainStorage Storage { get; }

    [Fact]
    public async Task State_that_was_never_written_is_new_and_has_no_ETag()
    {
        var state = await ReadAsync("a");
        Assert.Equal((0, null, false), (state.State!.Value, state.ETag, state.RecordExists));
    }

    [Fact]
    public async Task A_write_gives_a_new_ETag_and_is_read_back()
    {
        var state = await ReadAsync("a");
        state.State!.Value = 7;
        await Storage.WriteStateAsync("counter", Id("a"), state);
        var first = state.ETag;
        Assert.NotNull(first);
        Assert.True(state.RecordExists);
        await Storage.WriteStateAsync("counter", Id("a"), state);
        Assert.NotEqual(first, state.ETag);
        var read = await ReadAsync("a");
        Assert.Equal((7, state.ETag, true), (read.State!.Value, read.ETag, read.RecordExists));
        Assert.False((await ReadAsync("b")).RecordExists);
    }

    [Fact]
    public async Task Writing_or_clearing_with_an_outdated_ETag_throws_and_changes_nothing()
    {
        var mine = await ReadAsync("a");
        await Storage.WriteStateAsync("counter", Id("a"), mine);
        var other = await ReadAsync("a");
        other.State!.Value = 2;
        await Storage.WriteStateAsync("counter", Id("a"), other);
        var outdated = mine.ETag;
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("counter", Id("a"), mine));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.ClearStateAsync("counter", Id("a"), mine));
        Assert.Equal(outdated, mine.ETag);
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("counter", Id("a"), new GrainState<CounterState>(new CounterState())));
        Assert.Equal(2, (await ReadAsync("a")).State!.Value);
    }

    [Fact]
    public async Task Cleared_state_is_new_again_and_the_old_ETag_is_outdated()
    {
        var state = await ReadAsync("a");
        state.State!.Value = 3;
        await Storage.WriteStateAsync("counter", Id("a"), state);
        var old = new GrainState<CounterState>(new CounterState(), state.ETag!);
        await Storage.ClearStateAsync("counter", Id("a"), state);
        Assert.Equal((0, null, false), (state.State!.Value, state.ETag, state.RecordExists));
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.WriteStateAsync("counter", Id("a"), old));
        await Storage.WriteStateAsync("counter", Id("a"), state);
        Assert.True((await ReadAsync("a")).RecordExists);
    }

    private static GrainId Id(string key) => GrainId.Create("counter", key);

    private async Task<GrainState<CounterState>> ReadAsync(string key)
    {
        var state = new GrainState<CounterState>();
        await Storage.ReadStateAsync("counter", Id(key), state);
        return state;
    }
}
