using System.Text.Json;
using Pipeline.Http.Text;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Consumers;

namespace Pipeline.Http.Consumers;

/// <summary>A consumer as GET shows it, with what it has not done yet.</summary>
internal static class ConsumerJson
{
    public static void Write(Utf8JsonWriter json, IStream stream, Consumer consumer, bool? isChanged = null)
    {
        json.WriteStartObject();
        if (isChanged is { } changed)
        {
            json.WriteBoolean("changed", changed);
        }

        json.WriteString("name", consumer.Name);
        json.WriteString("stream", stream.Name.Value);
        json.WriteTime("created", consumer.Created);
        json.WriteTime("committed", consumer.Committed);
        json.WriteNumber("lagEvents", ConsumerLag.Of(stream, consumer));
        json.WriteStartArray("partitions");
        foreach (var partition in stream.Partitions)
        {
            var status = partition.Status;
            var offset = consumer.Offsets[partition.Id.Index];
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Id.Index);
            json.WriteNumber("offset", offset);
            json.WriteNumber("end", Math.Max(offset, status.Committed.Value));
            json.WriteNumber("lagEvents", ConsumerLag.Of(partition, consumer));
            json.WriteNumber("lost", Math.Max(0, status.First.Value - offset));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
