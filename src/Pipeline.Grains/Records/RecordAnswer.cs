using System.Text.Json;
using Pipeline.Replication.Records;

namespace Pipeline.Grains.Records;

/// <summary>An outcome of a record, as JSON has it.</summary>
internal sealed record RecordAnswer(RecordStatus Status, string? Tag, byte[]? Value)
{
    public static byte[] Write(RecordOutcome outcome) => JsonSerializer.SerializeToUtf8Bytes(
        new RecordAnswer(outcome.Status, outcome.Tag, outcome.Value?.ToArray()));

    public static RecordOutcome Read(byte[] json)
    {
        var answer = JsonSerializer.Deserialize<RecordAnswer>(json)!;
        return new RecordOutcome(
            answer.Status, answer.Tag, answer.Value is { } value ? (ReadOnlyMemory<byte>?)value : null);
    }
}
