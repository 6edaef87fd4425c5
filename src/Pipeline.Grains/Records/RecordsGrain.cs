using Orleans.Concurrency;
using Pipeline.Runtime.Clusters;

namespace Pipeline.Grains.Records;

/// <summary>Asks the stores of the silo that it is in; registers take care of who else asks.</summary>
[StatelessWorker]
internal sealed class RecordsGrain(ClusterNode node) : Grain, IRecordsGrain
{
    public async Task<byte[]> ReadAsync(string name)
    {
        await node.Opened;
        return RecordAnswer.Write(await node.Records.ReadAsync(name, CancellationToken.None));
    }

    public async Task<byte[]> WriteAsync(string name, string? tag, byte[]? value)
    {
        await node.Opened;
        return RecordAnswer.Write(await node.Records.WriteAsync(
            name, tag, value is null ? (ReadOnlyMemory<byte>?)null : value, CancellationToken.None));
    }
}
