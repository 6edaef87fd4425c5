using System.Text.Json;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Pipelines;

/// <summary>
/// <c>{"valid":true,"changes":[{"stage","cut":[{"input","partition","offset"}],"state":"kept|empty|lost","why"}]}</c>.
/// </summary>
internal static class TrialJson
{
    public static void Write(Utf8JsonWriter json, IReadOnlyList<StageChange> changes)
    {
        json.WriteStartObject();
        json.WriteBoolean("valid", true);
        json.WriteStartArray("changes");
        foreach (var change in changes)
        {
            json.WriteStartObject();
            json.WriteString("stage", change.Stage);
            json.WriteStartArray("cut");
            foreach (var at in change.Cut)
            {
                json.WriteStartObject();
                json.WriteString("input", at.Input);
                json.WriteNumber("partition", at.Partition);
                json.WriteNumber("offset", at.Offset);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("state", change.State switch
            {
                StageFate.Kept => "kept",
                StageFate.Empty => "empty",
                _ => "lost",
            });
            json.WriteString("why", change.Why);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
