using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// The dead letters of one sink instance. Each is numbered by the offset of its event, so that none is written twice;
/// the producer's generation is the activation's epoch, so that an older activation adds none any more.
/// </summary>
internal sealed class SinkLetters(InstanceId id, string input, IPartition target)
{
    private const int LongestReason = 2_000;

    private static readonly int HeaderSize = PartCodec.HeaderSize(HandleKind.Platform, 0);

    private readonly DeadLetterJson _letter = new();
    private long _epoch;
    private Origin _last = Origin.None;

    /// <summary>The offset of the last event that has a letter; -1: none.</summary>
    public long Last => _last.Offset;

    /// <summary>Takes over; the status is Appended or Duplicate where it did.</summary>
    public async ValueTask<AppendStatus> OpenAsync(long epoch, CancellationToken cancellationToken)
    {
        var outcome = await target.OpenProducerAsync(id.Producer, epoch, cancellationToken);
        (_epoch, _last) = (epoch, outcome.Last);
        return outcome.Status;
    }

    /// <summary>Writes one, unless its event has one; false where a later activation is there.</summary>
    public async ValueTask<bool> TryWriteAsync(
        SinkRow row, string reason, CancellationToken cancellationToken, int attempts = 1) =>
        await WriteAsync(row, reason, attempts, cancellationToken) switch
        {
            AppendStatus.Appended or AppendStatus.Duplicate => true,
            AppendStatus.ProducerFenced => false,
            var other => throw new SinkTargetException($"the dead letters' stream answers {other}", needsPerson: false),
        };

    /// <summary>Writes one, unless its event has one.</summary>
    private async ValueTask<AppendStatus> WriteAsync(
        SinkRow row, string reason, int attempts, CancellationToken cancellationToken)
    {
        var origin = new Origin(row.Offset, 0);
        if (origin <= _last)
        {
            return AppendStatus.Duplicate;
        }

        var outcome = await target.AppendAsync(Request(row, origin, reason, attempts), cancellationToken);
        _last = outcome.Status is AppendStatus.Appended or AppendStatus.Duplicate ? origin : _last;
        return outcome.Status;
    }

    private AppendRequest Request(SinkRow row, Origin origin, string reason, int attempts)
    {
        if (reason.Length > LongestReason)
        {
            var end = char.IsHighSurrogate(reason[LongestReason - 1]) ? LongestReason - 1 : LongestReason;
            reason = reason[..end] + "…";
        }

        var refused = new StageRecord
        {
            Offset = row.Offset,
            Partition = id.Partition,
            AcceptedTime = row.AcceptedTime,
            Value = row.Value,
        };
        var record = new RecordView
        {
            Flags = RecordFlags.Time | RecordFlags.Origin,
            Time = row.AcceptedTime,
            Origin = origin,
            Value = _letter.Write(id.Stage, input, refused, reason, attempts),
        };
        var header = new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = HandleKind.Platform,
            Count = 1,
            Handle = id.Producer,
            Sequence = _epoch,
            Previous = _last,
            Last = origin,
        };
        var size = RecordCodec.Size(record);
        var part = new byte[HeaderSize + size];
        PartCodec.WriteHeader(header, [], size, part);
        RecordCodec.Write(record, part.AsSpan(HeaderSize));
        return new AppendRequest { Header = header, Part = part };
    }
}
