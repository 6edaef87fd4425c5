using System.Text;
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

    public static int CountMembers(ReadOnlySpan<byte> record)
    {
        var cursor = Inside(record);
        var count = 0;
        while (cursor.TryReadName(out _, out _))
        {
            cursor.SkipValue(out _);
            count++;
            if (!cursor.TryNext())
            {
                break;
            }
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

    /// <summary>
    /// The first member with exactly this name, or, where there is none, the first with it in another case of ASCII
    /// letters: as <see cref="FieldReader"/> finds it.
    /// </summary>
    public static bool TryMember(
        ReadOnlySpan<byte> record, ReadOnlySpan<byte> wanted, Scratch scratch, out ReadOnlySpan<byte> value,
        out bool escaped)
    {
        var cursor = Inside(record);
        value = default;
        escaped = false;
        while (cursor.TryReadName(out var name, out var escapedName))
        {
            var start = cursor.At;
            cursor.SkipValue(out var isEscaped);
            var used = scratch.Used;
            var plain = Plain(name, escapedName, scratch);
            var isExact = plain.SequenceEqual(wanted);
            if (isExact || (value.IsEmpty && Ascii.EqualsIgnoreCase(plain, wanted)))
            {
                value = record[start..cursor.At];
                escaped = isEscaped;
            }

            scratch.Release(used);
            if (isExact || !cursor.TryNext())
            {
                break;
            }
        }

        return !value.IsEmpty;
    }

    /// <summary>Whether the object, if it is one, has a member with exactly this name.</summary>
    public static bool HasMember(ReadOnlySpan<byte> json, ReadOnlySpan<byte> wanted, Scratch scratch)
    {
        var cursor = new JsonCursor(json);
        cursor.SkipSpace();
        if (cursor.Peek() != (byte)'{')
        {
            return false;
        }

        cursor.Skip(1);
        while (cursor.TryReadName(out var name, out var escaped))
        {
            var used = scratch.Used;
            var isSame = Plain(name, escaped, scratch).SequenceEqual(wanted);
            scratch.Release(used);
            cursor.SkipValue(out _);
            if (isSame || !cursor.TryNext())
            {
                return isSame;
            }
        }

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

    /// <summary>A cursor at the first element or member.</summary>
    public static JsonCursor Inside(ReadOnlySpan<byte> json)
    {
        var cursor = new JsonCursor(json);
        cursor.SkipSpace();
        cursor.Skip(1);
        cursor.SkipSpace();
        return cursor;
    }
}
