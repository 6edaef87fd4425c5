namespace Pipeline.Queries.Json;

/// <summary>
/// Where a field's value lies in a JSON text, in bytes; a length of 0 means that the text has no such field.
/// </summary>
public readonly record struct FieldSlot(int Start, int Length, bool Escaped)
{
    public bool Found => Length > 0;

    /// <summary>The value's JSON text, quotes included.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> json) => json.Slice(Start, Length);
}
