using System.Text.Json;

namespace Pipeline.Monitoring.Alerts;

/// <summary>The record that the hosts of a service share: whose turn it is to tell people, and what was said.</summary>
/// <param name="Teller">The host that tells; none: nobody, whoever sees that may.</param>
/// <param name="Beat">Rises whenever the teller says that it is there.</param>
/// <param name="Alerts">What was said, by the alerts' names.</param>
internal sealed record AlertLedger(Guid Teller, long Beat, IReadOnlyDictionary<string, AlertSaid> Alerts)
{
    public const string RecordName = "pipeline/alerts";

    public static readonly AlertLedger Empty = new(Guid.Empty, 0, new Dictionary<string, AlertSaid>());

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>What cannot be read is as if it were not: then it is said again what holds.</summary>
    public static AlertLedger Read(ReadOnlyMemory<byte>? json)
    {
        try
        {
            return json is { } value ? JsonSerializer.Deserialize<AlertLedger>(value.Span) ?? Empty : Empty;
        }
        catch (JsonException)
        {
            return Empty;
        }
    }
}
