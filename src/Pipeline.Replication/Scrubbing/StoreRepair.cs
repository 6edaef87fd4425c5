using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>Puts right what a scan finds. Each method answers null where it did, else what kept it from that.</summary>
internal sealed class StoreRepair(StoreReading reading, IRegisters? registers)
{
    /// <summary>Stores that disagree about a register are made to agree by an ordinary linearizable read.</summary>
    public async Task<bool> SettleAsync(BlobName name) =>
        registers is not null
        && (await registers.Open(name).ReadAsync(CancellationToken.None)).Status == RegisterStatus.Chosen;

    /// <summary>Installs a register by an identity round of the others.</summary>
    public async Task<string?> RejoinAsync(BlobName name, StoreMember member)
    {
        if (registers is null)
        {
            return "registers are not installed here";
        }

        var outcome = await registers.RejoinAsync(name, member.Store, CancellationToken.None);
        return outcome.Status == RegisterStatus.Chosen ? null : outcome.Detail ?? $"{outcome.Status}";
    }

    /// <summary>
    /// Copies what a store lacks of a closed segment from another that has it whole, then reads it back.
    /// </summary>
    public async Task<string?> CopyAsync(
        LogId log, ClosedSegment segment, StoreMember member, IReadOnlyList<StoreMember> sources)
    {
        foreach (var source in sources.Where(source => source.Id != member.Id))
        {
            if (await new SegmentAudit(reading, source.Store, log, segment).ReadAsync() is not { } bytes)
            {
                continue;
            }

            var target = new SegmentAudit(reading, member.Store, log, segment);
            var put = await target.RepairAsync(bytes);
            if (!put.IsOk)
            {
                return $"the repair blob cannot be written: {put.Status} {put.Detail}";
            }

            return await target.RunAsync() is { } fault ? $"still {fault} after the repair" : null;
        }

        return "no other store has it whole";
    }

    /// <summary>Writes an immutable blob where it is missing, or over damaged bytes.</summary>
    public async Task<string?> PutAsync(
        BlobName name, ReadOnlyMemory<byte> bytes, BlobContent found, StoreMember member)
    {
        var condition = found.IsOk ? PutCondition.IfMatch(found.ETag) : PutCondition.IfAbsent;
        var put = await reading.PutAsync(member.Store, name, bytes, condition);
        return put.IsOk ? null : $"{put.Status} {put.Detail}";
    }

    public async Task<string?> DeleteAsync(BlobName name, StoreMember member)
    {
        var deleted = await reading.DeleteAsync(member.Store, name);
        return deleted.IsOk ? null : $"{deleted.Status} {deleted.Detail}";
    }
}
