namespace Pipeline.Queries.Json;

/// <summary>
/// Whether a text is JSON (RFC 8259), for texts inside events: events themselves are checked when they are accepted.
/// </summary>
internal ref struct JsonSyntax
{
    /// <summary>As deep as an event may be, less the record that the value will be in.</summary>
    private const int MaxDepth = 63;

    private readonly ReadOnlySpan<byte> _text;
    private int _at;

    private JsonSyntax(ReadOnlySpan<byte> text) => _text = text;

    /// <summary>Whether the text, spaces aside, is one object.</summary>
    public static bool IsObject(ReadOnlySpan<byte> text)
    {
        var syntax = new JsonSyntax(text);
        syntax.SkipSpace();
        if (syntax.Peek() != (byte)'{' || !syntax.TryValue(1))
        {
            return false;
        }

        syntax.SkipSpace();
        return syntax._at == text.Length;
    }

    private readonly byte Peek() => _at < _text.Length ? _text[_at] : (byte)0;

    private bool TryTake(byte wanted)
    {
        var found = Peek() == wanted;
        _at += found ? 1 : 0;
        return found;
    }

    private void SkipSpace()
    {
        while (Peek() is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            _at++;
        }
    }

    private bool TryValue(int depth)
    {
        switch (Peek())
        {
            case (byte)'{' or (byte)'[':
                return depth <= MaxDepth && TryItems(Peek() == (byte)'{', depth);
            case (byte)'"':
                return TryString();
            case (byte)'t':
                return TryWord("true"u8);
            case (byte)'f':
                return TryWord("false"u8);
            case (byte)'n':
                return TryWord("null"u8);
            default:
                return TryNumber();
        }
    }

    private bool TryItems(bool isObject, int depth)
    {
        var end = isObject ? (byte)'}' : (byte)']';
        _at++;
        SkipSpace();
        if (TryTake(end))
        {
            return true;
        }

        do
        {
            SkipSpace();
            if (isObject && !TryName())
            {
                return false;
            }

            if (!TryValue(depth + 1))
            {
                return false;
            }

            SkipSpace();
        }
        while (TryTake((byte)','));

        return TryTake(end);
    }

    private bool TryName()
    {
        if (!TryString())
        {
            return false;
        }

        SkipSpace();
        var found = TryTake((byte)':');
        SkipSpace();
        return found;
    }

    private bool TryWord(ReadOnlySpan<byte> word)
    {
        var found = _text[_at..].StartsWith(word);
        _at += word.Length;
        return found;
    }

    private bool TryString()
    {
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        while (_at < _text.Length)
        {
            var one = _text[_at++];
            if (one == (byte)'"')
            {
                return true;
            }

            if (one < 32 || (one == (byte)'\\' && !TryEscape()))
            {
                return false;
            }
        }

        return false;
    }

    private bool TryEscape()
    {
        var kind = Peek();
        _at++;
        if (kind != (byte)'u')
        {
            return "\"\\/bfnrt"u8.Contains(kind);
        }

        var digits = 0;
        while (digits < 4 && char.IsAsciiHexDigit((char)Peek()))
        {
            _at++;
            digits++;
        }

        return digits == 4;
    }

    private bool TryNumber()
    {
        TryTake((byte)'-');
        if (!TryTake((byte)'0') && !TryDigits())
        {
            return false;
        }

        if (TryTake((byte)'.') && !TryDigits())
        {
            return false;
        }

        if (!TryTake((byte)'e') && !TryTake((byte)'E'))
        {
            return true;
        }

        _ = TryTake((byte)'+') || TryTake((byte)'-');
        return TryDigits();
    }

    private bool TryDigits()
    {
        var start = _at;
        while (char.IsAsciiDigit((char)Peek()))
        {
            _at++;
        }

        return _at > start;
    }
}
