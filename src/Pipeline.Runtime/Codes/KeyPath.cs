using System.Text;
using System.Text.Json;

namespace Pipeline.Runtime.Codes;

/// <summary>Finds the key in what a C# stage puts out.</summary>
internal static class KeyPath
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

    /// <summary>Strings as they are, numbers and booleans as their text; empty where there is none.</summary>
    public static byte[] Find(byte[] value, string path)
    {
        using var document = JsonDocument.Parse(value);
        var at = document.RootElement;
        foreach (var name in path.Split('.'))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return [];
            }
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => Encoding.UTF8.GetBytes(at.GetString()!),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False =>
                Encoding.UTF8.GetBytes(at.GetRawText()),
            _ => [],
        };
    }
}
