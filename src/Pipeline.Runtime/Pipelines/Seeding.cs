using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Writes where instances of new layouts begin that do not go on from a checkpoint of their own, and gives them the
/// states of operators that ran elsewhere before.
/// </summary>
internal sealed class Seeding(KeeperCore core, Terms terms, CutRun cuts)
{
    /// <param name="before">The pipeline as it was cut.</param>
    /// <param name="after">As it is to be.</param>
    /// <param name="succession">How the one follows the other.</param>
    /// <param name="elsewhere">Instances whose checkpoints are not where they would go on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Obstacle?> SeedAsync(
        DesiredPipeline before,
        DesiredPipeline after,
        Succession succession,
        IReadOnlyCollection<string> elsewhere,
        CancellationToken cancellationToken)
    {
        foreach (var spec in after.Instances.Where(static spec => spec.Group is not null))
        {
            var beginning = succession.Beginnings.FirstOrDefault(
                beginning => beginning.Group.Name == spec.Id.Stage && beginning.Group.Input == spec.Input);
            var isKnown = before.Instances.Any(old => old.Id == spec.Id);
            var moves = succession.Moves.Where(
                move => move.To.Name == spec.Id.Stage && move.To.Input == spec.Input).ToList();
            var isLost = !isKnown && beginning is null && elsewhere.Contains(spec.Id.Birth);
            if ((beginning is not null || moves.Count > 0 || isLost)
                && !await SeedAsync(before, spec, beginning, isKnown, moves, cancellationToken))
            {
                return Obstacle.NoMajority;
            }
        }

        return null;
    }

    private async Task<bool> SeedAsync(
        DesiredPipeline before,
        InstanceSpec spec,
        Beginning? beginning,
        bool isKnown,
        IReadOnlyList<StateMove> moves,
        CancellationToken cancellationToken)
    {
        var operators = new List<OperatorState>();
        foreach (var move in moves)
        {
            var from = before.Instances.First(old => old.Id.Stage == move.From.Name && old.Input == move.From.Input
                && old.Id.Partition == spec.Id.Partition);
            if (await LoadAsync(from.Id, cancellationToken) is not { } loaded)
            {
                return false;
            }

            operators.AddRange(loaded.Snapshot?.Operators.Where(state => state.Name == move.Node)
                .Select(state => state with { Name = move.As }) ?? []);
        }

        var snapshot = isKnown && beginning is null
            ? await JoinAsync(spec, operators, cancellationToken)
            : await BeginAsync(before, spec, beginning, operators, cancellationToken);
        if (snapshot is null)
        {
            return false;
        }

        var bytes = new ArrayBufferWriter<byte>();
        StageSnapshotCodec.Write(bytes, snapshot);
        return await Register(spec.Id).SeedAsync(
            terms.New,
            snapshot.Cursor.Offset,
            core.Host.Loop.Time.GetUtcNow().UtcTicks,
            bytes.WrittenMemory,
            cancellationToken);
    }

    /// <summary>It goes on from its own checkpoint, with more operators.</summary>
    private async Task<StageSnapshot?> JoinAsync(
        InstanceSpec spec, List<OperatorState> operators, CancellationToken cancellationToken) =>
        await LoadAsync(spec.Id, cancellationToken) is not { } own
            ? null
            : (own.Snapshot ?? Empty(own.Cursor, [])) is var snapshot
                ? snapshot with { Operators = [.. snapshot.Operators, .. operators] }
                : null;

    private async Task<StageSnapshot?> BeginAsync(
        DesiredPipeline before,
        InstanceSpec spec,
        Beginning? beginning,
        List<OperatorState> operators,
        CancellationToken cancellationToken)
    {
        if (beginning is { After.Count: > 0 })
        {
            var old = before.Instances.Where(instance => beginning.After.Any(
                after => instance.Id.Stage == after.Name && instance.Input == after.Input)
                && instance.Id.Partition == spec.Id.Partition).ToList();
            return await TimesAsync(old, cancellationToken) is { } times
                ? Empty(cuts.Cursors[old[0].Id], operators) with
                {
                    Watermark = times.Min(static time => time.Watermark),
                    Upstreams = times[0].Upstreams,
                }
                : null;
        }

        // A stream that is born with this change is empty.
        if (!core.View.Streams.TryGetValue(spec.Input, out var stream))
        {
            return Empty(0, operators);
        }

        return await CutRun.EndAsync(stream.Partitions[spec.Id.Partition], cancellationToken) is { } end
            ? Empty(end, operators)
            : null;
    }

    /// <summary>What old instances knew of event time where they were cut; null: it cannot be read.</summary>
    private async Task<List<(long Watermark, IReadOnlyList<UpstreamState> Upstreams)>?> TimesAsync(
        IReadOnlyList<InstanceSpec> old, CancellationToken cancellationToken)
    {
        var times = new List<(long Watermark, IReadOnlyList<UpstreamState> Upstreams)>();
        foreach (var spec in old)
        {
            if (await LoadAsync(spec.Id, cancellationToken) is not { } loaded)
            {
                return null;
            }

            times.Add((loaded.Snapshot?.Watermark ?? long.MinValue, loaded.Snapshot?.Upstreams ?? []));
        }

        return times;
    }

    private static StageSnapshot Empty(long cursor, IReadOnlyList<OperatorState> operators) => new()
    {
        Cursor = StageCursor.At(cursor),
        Layout = StageSnapshot.SeededLayout,
        LastOffset = cursor - 1,
        Ordinal = 1,
        Watermark = long.MinValue,
        AcceptedTime = 0,
        Upstreams = [],
        Outlets = [],
        Operators = operators,
    };

    /// <summary>What a register holds; null where it could not be read.</summary>
    private async Task<(long Cursor, StageSnapshot? Snapshot)?> LoadAsync(
        InstanceId id, CancellationToken cancellationToken)
    {
        var register = Register(id);
        if (await register.PeekAsync(cancellationToken) is not { } checkpoint
            || await register.SnapshotAsync(checkpoint, cancellationToken) is not { } bytes)
        {
            return null;
        }

        var isEmpty = bytes.IsEmpty || SinkMark.IsOne(bytes.Span);
        return (checkpoint.Cursor, isEmpty ? null : StageSnapshotCodec.Read(bytes.Span));
    }

    private CheckpointRegister Register(InstanceId id) => new(core.Host.Registers, core.Host.Stores, id);
}
