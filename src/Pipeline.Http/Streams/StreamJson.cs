using System.Text.Json;
using Pipeline.Http.Text;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Http.Streams;

/// <summary>A stream as GET shows it.</summary>
internal static class StreamJson
{
    public static void Write(Utf8JsonWriter json, IStream stream)
    {
        var definition = stream.Definition;
        json.WriteStartObject();
        json.WriteString("name", stream.Name.Value);
        json.WriteString("pipeline", definition.Pipeline);
        json.WriteString("stage", definition.Stage);
        json.WriteString("key", definition.Key);
        json.WriteString("time", definition.Time);
        json.WritePropertyName("retentionSeconds");
        if (definition.Retention is { } retention)
        {
            json.WriteNumberValue(retention.TotalSeconds);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteStartArray("partitions");
        foreach (var partition in stream.Partitions)
        {
            WritePartition(json, partition.Status);
        }

        json.WriteEndArray();
        WriteGaps(json, stream.Gaps);
        json.WriteEndObject();
    }

    /// <summary>Outputs that are missing, because the stage was fused and nobody read it.</summary>
    private static void WriteGaps(Utf8JsonWriter json, IReadOnlyList<CatalogGap> gaps)
    {
        json.WriteStartArray("gaps");
        foreach (var gap in gaps)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", gap.Partition);
            json.WriteNumber("beforeOffset", gap.BeforeOffset);
            json.WriteNumber("inputFrom", gap.InputFrom);
            json.WriteNumber("inputTo", gap.InputTo ?? gap.InputFrom);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePartition(Utf8JsonWriter json, in PartitionStatus status)
    {
        json.WriteStartObject();
        json.WriteNumber("partition", status.Partition);
        json.WriteNumber("first", status.First.Value);
        json.WriteNumber("committed", status.Committed.Value);
        json.WriteNumber("next", status.Next.Value);
        json.WriteNumber("bytes", status.Bytes);
        json.WriteTime("oldest", status.Oldest);
        json.WriteTime("newest", status.Newest);
        json.WriteBoolean("serving", status.IsServing);
        json.WriteEndObject();
    }
}
