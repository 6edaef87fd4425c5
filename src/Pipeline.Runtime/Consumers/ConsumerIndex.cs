using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Replication.Records;

namespace Pipeline.Runtime.Consumers;

/// <summary>Which consumers there are: what it names exists, and nothing else. One record of the service.</summary>
/// <param name="Streams">By a stream's number, the names of its consumers and when each was made.</param>
internal sealed record ConsumerIndex(Dictionary<long, Dictionary<string, long>> Streams)
{
    public const string RecordName = "pipeline/consumers";

    [JsonIgnore]
    public int Count => Streams.Values.Sum(static names => names.Count);

    public IReadOnlyDictionary<string, long> Of(long stream) =>
        Streams.GetValueOrDefault(stream) ?? new Dictionary<string, long>();

    public ConsumerIndex With(long stream, string name, long created)
    {
        var streams = new Dictionary<long, Dictionary<string, long>>(Streams)
        {
            [stream] = new(Of(stream)) { [name] = created },
        };
        return new ConsumerIndex(streams);
    }

    public ConsumerIndex Without(long stream, string name)
    {
        var names = Of(stream).Where(pair => pair.Key != name).ToDictionary();
        var streams = new Dictionary<long, Dictionary<string, long>>(Streams);
        streams.Remove(stream);
        if (names.Count > 0)
        {
            streams[stream] = names;
        }

        return new ConsumerIndex(streams);
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static ConsumerIndex Read(RecordOutcome outcome) => outcome.Value is { } json
        ? JsonSerializer.Deserialize<ConsumerIndex>(json.Span)!
        : new ConsumerIndex([]);
}
