using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Queries.Json;

/// <summary>A place in a valid JSON text. It never reads outside the text, whatever the text is.</summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    private readonly ReadOnlySpan<byte> _json = json;

    public int At { get; private set; }

    /// <summary>The byte here, 0 at the end.</summary>
    public readonly byte Peek() => (uint)At < (uint)_json.Length ? _json[At] : (byte)0;

    public void Skip(int count) => At = Math.Min(At + count, _json.Length);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipSpace()
    {
        if ((uint)At < (uint)_json.Length && _json[At] <= 32)
        {
            SkipSpaces();
        }
    }

    /// <summary>Reads a member's name, without quotes and still escaped, and stops at its value.</summary>
    public bool TryReadName(out ReadOnlySpan<byte> name, out bool escaped)
    {
        SkipSpace();
        if (Peek() != (byte)'"')
        {
            name = default;
            escaped = false;
            return false;
        }

        var start = At + 1;
        SkipString(out escaped);
        name = _json[start..Math.Max(start, At - 1)];
        SkipSpace();
        Skip(1);
        SkipSpace();
        return true;
    }

    /// <summary>
    /// Behind a value: true at the next member or element, false behind the end of the object or array.
    /// </summary>
    public bool TryNext()
    {
        SkipSpace();
        var more = Peek() == (byte)',';
        Skip(1);
        SkipSpace();
        return more && At < _json.Length;
    }

    public void SkipValue(out bool escaped)
    {
        escaped = false;
        switch (Peek())
        {
            case (byte)'"':
                SkipString(out escaped);
                break;
            case (byte)'{' or (byte)'[':
                SkipNested();
                break;
            default:
                SkipPlain();
                break;
        }
    }

    /// <summary>Behind a number, true, false or null.</summary>
    private void SkipPlain()
    {
        var at = At;
        while ((uint)at < (uint)_json.Length && _json[at] is not ((byte)',' or (byte)'}' or (byte)']' or <= 32))
        {
            at++;
        }

        At = at;
    }

    /// <summary>Behind the string that begins here: short ones, the usual case, by one vector comparison.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipString(out bool escaped)
    {
        var at = At + 1;
        if (Vector256.IsHardwareAccelerated && at + Vector256<byte>.Count <= _json.Length)
        {
            var bytes = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(_json), (nuint)at);
            var quotes = Vector256.Equals(bytes, Vector256.Create((byte)'"'));
            var ends = (quotes | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
            var first = BitOperations.TrailingZeroCount(ends);
            if (first < 32 && _json[at + first] == (byte)'"')
            {
                At = at + first + 1;
                escaped = false;
                return;
            }
        }

        SkipLongString(out escaped);
    }

    private void SkipLongString(out bool escaped)
    {
        escaped = false;
        var at = At + 1;
        while (at < _json.Length)
        {
            var next = _json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0)
            {
                break;
            }

            at += next;
            if (_json[at] == (byte)'"')
            {
                At = at + 1;
                return;
            }

            escaped = true;
            at += 2;
        }

        At = _json.Length;
    }

    private void SkipSpaces()
    {
        while ((uint)At < (uint)_json.Length && _json[At] <= 32)
        {
            At++;
        }
    }

    private void SkipNested()
    {
        var depth = 0;
        do
        {
            var next = _json[At..].IndexOfAny("\"{}[]"u8);
            if (next < 0)
            {
                At = _json.Length;
                return;
            }

            At += next;
            switch (_json[At])
            {
                case (byte)'"':
                    SkipString(out _);
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    depth--;
                    break;
            }

            At++;
        }
        while (depth > 0);
    }
}
