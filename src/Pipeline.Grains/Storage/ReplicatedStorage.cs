using Orleans.Storage;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Clusters;

namespace Pipeline.Grains.Storage;

/// <summary>
/// Grain storage on a majority of the stores: <c>[PersistentState("…", "replicated")]</c>. A write or a clear with an
/// outdated ETag throws <see cref="InconsistentStateException"/>; one that no majority answered may yet happen, and the
/// next one then finds another ETag.
/// </summary>
internal sealed class ReplicatedStorage(string name, ClusterNode node, IGrainStorageSerializer serializer)
    : IGrainStorage
{
    /// <summary>The provider's name, and the default of its records' names.</summary>
    public const string ProviderName = "replicated";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await node.Opened;
        var read = await node.Records.ReadAsync(NameOf(stateName, grainId), CancellationToken.None);
        Take(grainState, Checked(read, "read"));
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await node.Opened;
        var value = serializer.Serialize(grainState.State).ToMemory();
        var written = await node.Records.WriteAsync(
            NameOf(stateName, grainId), grainState.ETag, value, CancellationToken.None);
        grainState.ETag = Checked(written, "write", grainState.ETag).Tag;
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await node.Opened;
        var cleared = await node.Records.WriteAsync(
            NameOf(stateName, grainId), grainState.ETag, null, CancellationToken.None);
        Take(grainState, Checked(cleared, "clear", grainState.ETag));
    }

    private string NameOf(string stateName, GrainId grainId) => $"{name}\n{grainId}\n{stateName}";

    private static RecordOutcome Checked(RecordOutcome outcome, string what, string? tag = null) =>
        outcome.Status switch
        {
            RecordStatus.Done => outcome,
            RecordStatus.Conflict => throw new InconsistentStateException(
                $"{what}: the state was changed by somebody else", outcome.Tag ?? "none", tag ?? "none"),
            _ => throw new OrleansException($"{what}: no majority of stores answers; a change may yet happen"),
        };

    private void Take<T>(IGrainState<T> state, RecordOutcome outcome)
    {
        (state.ETag, state.RecordExists) = (outcome.Tag, outcome.Value is not null);
        state.State = outcome.Value is { } value
            ? serializer.Deserialize<T>(new BinaryData(value))
            : Activator.CreateInstance<T>();
    }
}
