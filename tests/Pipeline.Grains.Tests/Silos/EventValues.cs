using System.Text;
using System.Text.Json;
using Pipeline.Grains.Streaming;
using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Tests.Silos;

/// <summary>The events of blocks, as text.</summary>
internal static class EventValues
{
    public static void AddTo(List<string> values, in LogBlock block) =>
        new LogEventBlock(LogToken.First, block).ForEach((long _, long _, in RecordView record) =>
            values.Add(Encoding.UTF8.GetString(record.Value)));

    /// <summary>The number in an event that <see cref="GrainWorld.AppendAsync"/> made.</summary>
    public static int Number(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("n"u8))
            {
                reader.Read();
                return reader.GetInt32();
            }
        }

        return -1;
    }
}
