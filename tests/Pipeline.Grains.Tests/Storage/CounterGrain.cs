namespace Pipeline.Grains.Tests.Storage;

/// <summary>A grain whose state is on the stores.</summary>
public interface ICounterGrain : IGrainWithStringKey
{
    Task<int> AddAsync();

    Task<int> GetAsync();

    Task ClearAsync();
}

/// <summary>What the grain keeps.</summary>
[GenerateSerializer]
public sealed class CounterState
{
    [Id(0)]
    public int Value { get; set; }
}

internal sealed class CounterGrain(
    [PersistentState("counter", "replicated")] IPersistentState<CounterState> state) : Grain, ICounterGrain
{
    public async Task<int> AddAsync()
    {
        state.State.Value++;
        await state.WriteStateAsync();
        return state.State.Value;
    }

    public Task<int> GetAsync() => Task.FromResult(state.State.Value);

    public Task ClearAsync() => state.ClearStateAsync();
}
