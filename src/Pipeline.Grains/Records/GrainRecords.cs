using Pipeline.Grains.Calls;
using Pipeline.Replication.Records;

namespace Pipeline.Grains.Records;

/// <summary>
/// The records of a cluster for a front: asks a silo, and where that does not answer, another one. What an attempt
/// without an answer has written is found by the next one, and taken for its own.
/// </summary>
internal sealed class GrainRecords(IGrainFactory grains, TimeProvider time) : IRecords
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly RecordOutcome Unanswered = new(RecordStatus.Unavailable, null, null);

    /// <summary>Grains asked by turns, for as many silos: one that answers is asked again.</summary>
    private const uint Grains = 8;

    private uint _turn;

    public async ValueTask<RecordOutcome> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var (outcome, _) = await AskAsync(grain => grain.ReadAsync(name), cancellationToken);
        return outcome;
    }

    public async ValueTask<RecordOutcome> WriteAsync(
        string name, string? tag, ReadOnlyMemory<byte>? value, CancellationToken cancellationToken)
    {
        var bytes = value?.ToArray();
        var (outcome, isRepeated) = await AskAsync(grain => grain.WriteAsync(name, tag, bytes), cancellationToken);
        return isRepeated && outcome.Status == RecordStatus.Conflict && IsSame(outcome.Value, bytes)
            ? outcome with { Status = RecordStatus.Done }
            : outcome;
    }

    private static bool IsSame(ReadOnlyMemory<byte>? there, byte[]? mine) =>
        there is { } value ? mine is not null && value.Span.SequenceEqual(mine) : mine is null;

    /// <summary>Repeated: an attempt went without an answer, and may have been carried out.</summary>
    private async ValueTask<(RecordOutcome Outcome, bool IsRepeated)> AskAsync(
        Func<IRecordsGrain, Task<byte[]>> ask, CancellationToken cancellationToken)
    {
        var retry = new Retry(time, Limit);
        var isRepeated = false;
        do
        {
            try
            {
                var grain = grains.GetGrain<IRecordsGrain>(Volatile.Read(ref _turn) % Grains);
                return (RecordAnswer.Read(await ask(grain).WaitAsync(Patience, time, cancellationToken)), isRepeated);
            }
            catch (ArgumentException)
            {
                // The silos are of a version before, which has no such grain.
                return (Unanswered, isRepeated);
            }
            catch (Exception fault) when (ClusterFault.Is(fault))
            {
                isRepeated = true;
                Interlocked.Increment(ref _turn);
            }
        }
        while (await retry.AgainAsync(wasSilent: true, cancellationToken));
        return (Unanswered, isRepeated);
    }
}
