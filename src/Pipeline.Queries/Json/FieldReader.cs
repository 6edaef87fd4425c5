using System.Text;

namespace Pipeline.Queries.Json;

/// <summary>
/// Finds the named fields of a JSON value in one pass over its bytes, stops as soon as all are found, and allocates
/// nothing. A member's name counts exactly first, then ignoring the case of ASCII letters; of equal names the first
/// counts. The text must be valid JSON (input is checked when it is accepted); on any other text fields may just not be
/// found.
/// </summary>
public sealed class FieldReader
{
    private const int LongestEscapedName = 512;

    private const int PathsATree = 64;

    private readonly FieldNode[] _roots;

    /// <summary>Equal paths must be given once; slot i belongs to path i.</summary>
    public FieldReader(IReadOnlyList<JsonPath> paths)
    {
        // No node of a tree has more members than there are bits to mark them as found.
        _roots = new FieldNode[(paths.Count + PathsATree - 1) / PathsATree];
        for (var i = 0; i < paths.Count; i++)
        {
            (_roots[i / PathsATree] ??= new FieldNode()).Add(paths[i].Steps, 0, i);
        }

        SlotCount = paths.Count;
    }

    public int SlotCount { get; }

    /// <summary>Fills <paramref name="slots"/>, which holds at least <see cref="SlotCount"/>.</summary>
    public void Read(ReadOnlySpan<byte> json, Span<FieldSlot> slots)
    {
        slots[..SlotCount].Clear();
        foreach (var root in _roots)
        {
            var cursor = new JsonCursor(json);
            cursor.SkipSpace();
            ReadValue(ref cursor, root, slots, true);
        }
    }

    /// <summary>
    /// Takes the value at the cursor; leaves the cursor behind it unless it was the <paramref name="last"/>.
    /// </summary>
    private static void ReadValue(ref JsonCursor cursor, FieldNode node, Span<FieldSlot> slots, bool last)
    {
        if (node.Members.Length > 0 && cursor.Peek() == (byte)'{')
        {
            ReadMembers(cursor, node, slots);
        }
        else if (node.Elements.Length > 0 && cursor.Peek() == (byte)'[')
        {
            ReadElements(cursor, node, slots);
        }

        if (node.Slot >= 0)
        {
            var start = cursor.At;
            cursor.SkipValue(out var escaped);
            slots[node.Slot] = new FieldSlot(start, cursor.At - start, escaped);
        }
        else if (!last)
        {
            cursor.SkipValue(out _);
        }
    }

    private static void ReadMembers(JsonCursor cursor, FieldNode node, Span<FieldSlot> slots)
    {
        var members = node.Members;
        ulong exact = 0, loose = 0;
        var wanted = members.Length;
        cursor.Skip(1);
        while (cursor.TryReadName(out var name, out var escaped))
        {
            var found = Match(members, name, escaped, out var isExact);
            var bit = 1UL << found;
            if (found < 0 || (exact & bit) != 0 || (!isExact && (loose & bit) != 0))
            {
                cursor.SkipValue(out _);
            }
            else
            {
                if ((loose & bit) != 0)
                {
                    members[found].Clear(slots);
                }

                exact |= isExact ? bit : 0;
                loose |= isExact ? 0 : bit;
                wanted -= isExact ? 1 : 0;
                ReadValue(ref cursor, members[found], slots, wanted == 0);
                if (wanted == 0)
                {
                    return;
                }
            }

            if (!cursor.TryNext())
            {
                return;
            }
        }
    }

    private static void ReadElements(JsonCursor cursor, FieldNode node, Span<FieldSlot> slots)
    {
        cursor.Skip(1);
        cursor.SkipSpace();
        for (var index = 0; cursor.Peek() is not ((byte)']' or 0); index++)
        {
            var wanted = node.Element(index);
            if (wanted is null)
            {
                cursor.SkipValue(out _);
            }
            else
            {
                ReadValue(ref cursor, wanted, slots, false);
            }

            if (!cursor.TryNext())
            {
                return;
            }
        }
    }

    private static int Match(FieldNode[] members, ReadOnlySpan<byte> name, bool escaped, out bool exact)
    {
        if (escaped)
        {
            Span<byte> plain = stackalloc byte[LongestEscapedName];
            exact = false;
            return name.Length > plain.Length ? -1
                : Match(members, plain[..JsonText.Unescape(name, plain)], false, out exact);
        }

        var loose = -1;
        for (var i = 0; i < members.Length; i++)
        {
            var wanted = members[i].Name;
            if (wanted.Length != name.Length)
            {
                continue;
            }

            if (name.SequenceEqual(wanted))
            {
                exact = true;
                return i;
            }

            if (loose < 0 && Ascii.EqualsIgnoreCase(name, wanted))
            {
                loose = i;
            }
        }

        exact = false;
        return loose;
    }
}
