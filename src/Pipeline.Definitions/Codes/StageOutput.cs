using System.Text.Json;

namespace Pipeline.Definitions.Codes;

/// <summary>Checks what a C# stage puts out.</summary>
internal static class StageOutput
{
    public static bool IsJson(ReadOnlySpan<byte> value)
    {
        try
        {
            var reader = new Utf8JsonReader(value);
            while (reader.Read())
            {
                // Only whether it is valid matters.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
