using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Kernel.Stages;

namespace Pipeline.Definitions.Codes.Samples;

/// <summary>
/// A sample: says how far a number lies from the mean of its key so far. Settings: <c>field</c> (default
/// "temperature"). State: the count and the mean, as JSON. Puts the event out with "score" added.
/// </summary>
public sealed class Scoring(IReadOnlyDictionary<string, string> settings) : IStageCode
{
    private readonly string _field = settings.TryGetValue("field", out var field) ? field : "temperature";

    public void Process(in StageRecord record, StageCodeContext context)
    {
        if (JsonNode.Parse(record.Value) is not JsonObject value
            || value[_field] is not JsonValue number || !number.TryGetValue<double>(out var x))
        {
            context.Reject($"'{_field}' is not a number");
            return;
        }

        var (count, mean) = Read(context.State.Span);
        value["score"] = count == 0 ? 0 : x - mean;
        count++;
        mean += (x - mean) / count;
        context.State = JsonSerializer.SerializeToUtf8Bytes(new[] { count, mean });
        context.Emit(System.Text.Encoding.UTF8.GetBytes(value.ToJsonString()));
    }

    private static (double Count, double Mean) Read(ReadOnlySpan<byte> state)
    {
        if (state.IsEmpty)
        {
            return (0, 0);
        }

        var numbers = JsonSerializer.Deserialize<double[]>(state)
            ?? throw new InvalidDataException("not the state of this stage");
        return (numbers[0], numbers[1]);
    }
}
