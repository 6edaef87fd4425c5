using Pipeline.Queries.Values;

namespace Pipeline.Queries.Json;

/// <summary>
/// Walks the elements of an array and the members of an object that are only known while an event is worked on.
/// </summary>
internal static class JsonElements
{
    public static int Count(ReadOnlySpan<byte> array)
    {
        var cursor = Inside(array);
        var count = 0;
        if (cursor.Peek() != (byte)']')
        {
            do
            {
                cursor.SkipValue(out _);
                count++;
            }
            while (cursor.TryNext());
        }

        return count;
    }

    public static bool TryElement(
        ReadOnlySpan<byte> array, long index, out ReadOnlySpan<byte> element, out bool escaped)
    {
        var cursor = Inside(array);
        element = default;
        escaped = false;
        if (index < 0 || cursor.Peek() == (byte)']')
        {
            return false;
        }

        while (true)
        {
            var start = cursor.At;
            cursor.SkipValue(out escaped);
            if (index-- == 0)
            {
                element = array[start..cursor.At];
                return !element.IsEmpty;
            }

            if (!cursor.TryNext())
            {
                return false;
            }
        }
    }

    /// <summary>The first member with exactly this name.</summary>
    public static bool TryMember(
        ReadOnlySpan<byte> record, ReadOnlySpan<byte> wanted, Scratch scratch, out ReadOnlySpan<byte> value,
        out bool escaped)
    {
        var cursor = Inside(record);
        while (cursor.TryReadName(out var name, out var escapedName))
        {
            var start = cursor.At;
            cursor.SkipValue(out escaped);
            if (Plain(name, escapedName, scratch).SequenceEqual(wanted))
            {
                value = record[start..cursor.At];
                return !value.IsEmpty;
            }

            if (!cursor.TryNext())
            {
                break;
            }
        }

        value = default;
        escaped = false;
        return false;
    }

    /// <summary>A member's name without escapes.</summary>
    public static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> name, bool escaped, Scratch scratch)
    {
        if (!escaped)
        {
            return name;
        }

        var to = scratch.Take(name.Length);
        return to[..JsonText.Unescape(name, to)];
    }

    private static JsonCursor Inside(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        cursor.SkipSpace();
        cursor.Skip(1);
        cursor.SkipSpace();
        return cursor;
    }
}
