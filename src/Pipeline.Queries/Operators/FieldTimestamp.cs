using Pipeline.Kernel.Stages;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>The time in a field of the event: a JSON string in ISO 8601.</summary>
public sealed class FieldTimestamp(JsonPath path) : ITimestamp
{
    private const int LongestEscaped = 256;

    private readonly FieldReader _fields = new([path]);

    public bool TryRead(in StageRecord record, out long ticks) => TryRead(record.Value, out ticks);

    /// <summary>The same from an event's JSON alone.</summary>
    public bool TryRead(ReadOnlySpan<byte> json, out long ticks)
    {
        FieldSlot slot = default;
        _fields.Read(json, new Span<FieldSlot>(ref slot));
        ticks = 0;
        if (slot.Length < 2 || json[slot.Start] != (byte)'"')
        {
            return false;
        }

        var text = slot.Of(json)[1..^1];
        if (!slot.Escaped)
        {
            return Iso8601.TryParse(text, out ticks);
        }

        Span<byte> plain = stackalloc byte[LongestEscaped];
        return text.Length <= plain.Length && Iso8601.TryParse(plain[..JsonText.Unescape(text, plain)], out ticks);
    }
}
