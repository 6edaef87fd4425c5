using System.Text;
using System.Text.Json;

namespace Pipeline.Ingestion;

/// <summary>The contents of JSON strings that hold escapes; the rare path beside the scanner.</summary>
internal static class JsonText
{
    /// <summary>
    /// Unescapes the contents of a valid JSON string; false where an escape is half a surrogate pair, which has no
    /// UTF-8.
    /// </summary>
    public static bool TryUnescape(ReadOnlySpan<byte> contents, out byte[] text)
    {
        var quoted = new byte[contents.Length + 2];
        quoted[0] = quoted[^1] = (byte)'"';
        contents.CopyTo(quoted.AsSpan(1));
        var reader = new Utf8JsonReader(quoted);
        try
        {
            reader.Read();
            text = Encoding.UTF8.GetBytes(reader.GetString()!);
            return true;
        }
        catch (InvalidOperationException)
        {
            text = [];
            return false;
        }
    }

    public static bool UnescapedEquals(ReadOnlySpan<byte> contents, ReadOnlySpan<byte> text) =>
        TryUnescape(contents, out var unescaped) && text.SequenceEqual(unescaped);
}
