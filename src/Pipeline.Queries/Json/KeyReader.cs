namespace Pipeline.Queries.Json;

/// <summary>
/// Reads an event's key at a path: a string as it is (unescaped), a number, true or false as its JSON text. Anything
/// else, null included, is no key.
/// </summary>
public sealed class KeyReader(JsonPath path)
{
    private readonly FieldReader _fields = new([path]);

    /// <summary>
    /// The key, a slice of <paramref name="json"/> or, where the string has escapes, of <paramref name="scratch"/>,
    /// which is at least as long as the event.
    /// </summary>
    public bool TryRead(ReadOnlySpan<byte> json, Span<byte> scratch, out ReadOnlySpan<byte> key)
    {
        FieldSlot slot = default;
        _fields.Read(json, new Span<FieldSlot>(ref slot));
        return TryConvert(slot.Of(json), slot.Escaped, scratch, out key);
    }

    /// <summary>The same from a JSON value.</summary>
    public static bool TryConvert(
        ReadOnlySpan<byte> value, bool escaped, Span<byte> scratch, out ReadOnlySpan<byte> key)
    {
        key = value;
        if (value.IsEmpty || value[0] is (byte)'{' or (byte)'[' or (byte)'n')
        {
            return false;
        }

        if (value[0] == (byte)'"')
        {
            key = value[1..^1];
            if (escaped)
            {
                key = scratch[..JsonText.Unescape(key, scratch)];
            }
        }

        return true;
    }
}
