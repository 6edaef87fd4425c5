using System.Buffers.Binary;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Clusters;

namespace Pipeline.Silo.Health;

/// <summary>
/// Whether a write goes through: a small record is replaced on a majority of the stores, durably, as an event would be.
/// However often it is asked, the stores are asked once in a few seconds.
/// </summary>
internal sealed class SyntheticCommit(ClusterNode node, ILocalSiloDetails silo, TimeProvider time)
{
    // Silos come and go with new addresses, records stay: so a silo shares one of a few.
    private const int Records = 32;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private Task<bool> _last = Task.FromResult(false);
    private long? _since;
    private string? _tag;

    public Task<bool> SucceedsAsync()
    {
        lock (_gate)
        {
            if (_since is not { } since || (_last.IsCompleted && time.GetElapsedTime(since) >= Interval))
            {
                _since = time.GetTimestamp();
                _last = WriteAsync();
            }

            return _last;
        }
    }

    private async Task<bool> WriteAsync()
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            // Another tag: of the silo before this one, or of one that shares the record.
            var written = await WriteOnceAsync(limit.Token);
            if (written.Status == RecordStatus.Conflict)
            {
                _tag = written.Tag;
                written = await WriteOnceAsync(limit.Token);
            }

            _tag = written.Tag;
            return written.Status == RecordStatus.Done;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private ValueTask<RecordOutcome> WriteOnceAsync(CancellationToken cancellationToken)
    {
        var number = Hash128.Of(silo.SiloAddress.Endpoint.Address.GetAddressBytes()).Low
            + (ulong)silo.SiloAddress.Endpoint.Port;
        var value = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(value, time.GetUtcNow().Ticks);
        return node.Records.WriteAsync($"ready\n{number % Records}", _tag, value, cancellationToken);
    }
}
