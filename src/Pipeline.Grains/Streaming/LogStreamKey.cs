using System.Globalization;
using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Streaming;

/// <summary>
/// What a StreamId names: the namespace is the stream, the key its partition; or, for who knows the catalog's number of
/// the stream and wants no other of that name, "number/partition".
/// </summary>
/// <param name="Id">The partition.</param>
/// <param name="Log">Null: that of the stream which has the name now.</param>
internal sealed record LogStreamKey(PartitionId Id, LogId? Log)
{
    public static StreamId ToStreamId(PartitionId id, LogId log) =>
        StreamId.Create(id.Stream.Value, string.Create(CultureInfo.InvariantCulture, $"{log.Stream}/{log.Partition}"));

    public static LogStreamKey Parse(StreamId stream)
    {
        var parts = stream.GetKeyAsString().Split('/');
        if (stream.GetNamespace() is not { } name || !StreamName.IsValid(name) || parts.Length > 2
            || !int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new ArgumentException(
                $"\"{stream}\" names no partition: write StreamId.Create(\"readings\", \"3\") for partition 3 of the "
                + "stream readings.",
                nameof(stream));
        }

        LogId? log = parts.Length == 2 ? new LogId(number, partition) : null;
        return new LogStreamKey(new PartitionId(new StreamName(name), partition), log);
    }
}
