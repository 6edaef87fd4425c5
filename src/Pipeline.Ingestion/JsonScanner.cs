using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pipeline.Ingestion;

/// <summary>
/// Checks JSON values (RFC 8259) in one pass and finds the key on the way. Accepts exactly what Utf8JsonReader accepts
/// with a maximal depth of 64; UTF-8 is checked apart, over the whole body at once. Of members with the same name the
/// last one counts. Strings are walked 32 bytes at a time.
/// </summary>
internal ref struct JsonScanner
{
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _json;
    private readonly KeyPath? _path;
    private int _at;
    private int _depth;
    private ulong _objects;
    private int _matched;
    private ulong _seen;
    private bool _isKeyNext;
    private bool _isEscaped;

    public JsonScanner(ReadOnlySpan<byte> json, KeyPath? path)
    {
        _json = json;
        _path = path;
    }

    /// <summary>After a failed scan: where, and what was wrong there.</summary>
    public readonly int ErrorAt => Math.Min(_at, _json.Length);

    public string Error { get; private set; } = "";

    /// <summary>What lay at the key's path in the value scanned last.</summary>
    public ScannedKey Key { get; private set; }

    /// <summary>Scans the one value that starts at or after <paramref name="start"/>; end lies behind it.</summary>
    public bool TryScan(int start, out int end)
    {
        _at = start;
        _depth = 0;
        _objects = 0;
        _matched = 0;
        _seen = 0;
        _isKeyNext = false;
        Key = default;
        var isValid = ScanTokens();
        end = _at;
        return isValid;
    }

    /// <summary>The first position at or after <paramref name="at"/> that is not JSON white space.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SkipSpace(ReadOnlySpan<byte> json, int at)
    {
        while ((uint)at < (uint)json.Length && json[at] <= ' ' && IsSpace(json[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsSpace(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r';

    private bool ScanTokens()
    {
        while (true)
        {
            if (!ScanValue(out var opened))
            {
                return false;
            }

            if (opened)
            {
                continue;
            }

            switch (ScanAfterValue())
            {
                case After.End: return true;
                case After.Error: return false;
            }
        }
    }

    private enum After
    {
        More,
        End,
        Error,
    }

    /// <summary>Reads a scalar, an empty container, or the opening of a container up to its first value.</summary>
    private bool ScanValue(out bool opened)
    {
        opened = false;
        _at = SkipSpace(_json, _at);
        if ((uint)_at >= (uint)_json.Length)
        {
            return Fail("a value is missing");
        }

        var isKey = _isKeyNext;
        _isKeyNext = false;
        var start = _at;
        var c = _json[_at];
        bool isValid;
        switch (c)
        {
            case (byte)'"':
                isValid = ScanString();
                if (isKey)
                {
                    Key = new ScannedKey(
                        _isEscaped ? ScannedKeyKind.EscapedString : ScannedKeyKind.Text, start + 1, _at - start - 2);
                }

                return isValid;
            case (byte)'{' or (byte)'[':
                return Open(c == '{', isKey, out opened);
            case (byte)'t':
                isValid = ScanLiteral("true"u8);
                break;
            case (byte)'f':
                isValid = ScanLiteral("false"u8);
                break;
            case (byte)'n':
                return ScanLiteral("null"u8);
            default:
                isValid = ScanNumber();
                break;
        }

        if (isKey)
        {
            Key = new ScannedKey(ScannedKeyKind.Text, start, _at - start);
        }

        return isValid;
    }

    private bool Open(bool isObject, bool isKey, out bool opened)
    {
        opened = false;
        if (_depth == MaxDepth)
        {
            return Fail("nested deeper than 64");
        }

        if (isKey)
        {
            Key = new ScannedKey(ScannedKeyKind.Container, _at, 0);
        }

        _depth++;
        _objects = (_objects << 1) | (isObject ? 1UL : 0UL);
        _at = SkipSpace(_json, _at + 1);
        if ((uint)_at < (uint)_json.Length && _json[_at] == (isObject ? (byte)'}' : (byte)']'))
        {
            _at++;
            Close();
            return true;
        }

        opened = true;
        return !isObject || ScanName();
    }

    private void Close()
    {
        if (_matched == _depth - 1 && _matched > 0)
        {
            _matched--;
        }

        _depth--;
        _objects >>= 1;
    }

    private After ScanAfterValue()
    {
        while (_depth > 0)
        {
            _at = SkipSpace(_json, _at);
            var c = (uint)_at < (uint)_json.Length ? _json[_at] : (byte)0;
            var isObject = (_objects & 1) != 0;
            if (c == ',')
            {
                _at++;
                return !isObject || ScanName() ? After.More : After.Error;
            }

            if (c != (isObject ? (byte)'}' : (byte)']'))
            {
                Fail(isObject ? "',' or '}' is missing" : "',' or ']' is missing");
                return After.Error;
            }

            _at++;
            Close();
        }

        return After.End;
    }

    private bool ScanName()
    {
        _at = SkipSpace(_json, _at);
        if ((uint)_at >= (uint)_json.Length || _json[_at] != '"')
        {
            return Fail("a member name in double quotes is missing");
        }

        var start = _at + 1;
        if (!ScanString())
        {
            return false;
        }

        if (_path is not null && _matched == _depth - 1 && _matched < _path.Depth
            && _path.Matches(_matched, _json[start..(_at - 1)], _isEscaped))
        {
            MatchName();
        }

        if ((uint)_at >= (uint)_json.Length || _json[_at] != ':')
        {
            _at = SkipSpace(_json, _at);
            if ((uint)_at >= (uint)_json.Length || _json[_at] != ':')
            {
                return Fail("':' is missing");
            }
        }

        _at++;
        return true;
    }

    /// <summary>A segment of the path: what follows is the key, or, if an object, holds the next one.</summary>
    private void MatchName()
    {
        var segment = 1UL << _matched;
        if (_path!.TakesFirst && (_seen & segment) != 0)
        {
            return;
        }

        _seen |= segment;
        Key = default;
        if (_matched == _path.Depth - 1)
        {
            _isKeyNext = true;
            return;
        }

        var value = SkipSpace(_json, _at);
        if ((uint)value < (uint)_json.Length && _json[value] == ':')
        {
            value = SkipSpace(_json, value + 1);
            if ((uint)value < (uint)_json.Length && _json[value] == '{')
            {
                _matched++;
            }
        }
    }

    /// <summary>From the opening quote to behind the closing one.</summary>
    private bool ScanString()
    {
        _isEscaped = false;
        var at = _at + 1;
        ref var start = ref MemoryMarshal.GetReference(_json);
        while (true)
        {
            while (at <= _json.Length - Vector256<byte>.Count)
            {
                var bytes = Vector256.LoadUnsafe(ref start, (nuint)at);
                var special = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                    | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(bytes, Vector256.Create((byte)' '));
                var mask = special.ExtractMostSignificantBits();
                if (mask != 0)
                {
                    at += BitOperations.TrailingZeroCount(mask);
                    break;
                }

                at += Vector256<byte>.Count;
            }

            while ((uint)at < (uint)_json.Length && _json[at] is >= (byte)' ' and not ((byte)'"' or (byte)'\\'))
            {
                at++;
            }

            _at = at;
            if ((uint)at >= (uint)_json.Length)
            {
                return Fail("a string has no end");
            }

            if (_json[at] == '"')
            {
                _at = at + 1;
                return true;
            }

            if (!ScanEscape())
            {
                return false;
            }

            at = _at;
        }
    }

    private bool ScanEscape()
    {
        if (_json[_at] != '\\')
        {
            return Fail("a control character in a string must be escaped");
        }

        _isEscaped = true;
        var c = _at + 1 < _json.Length ? _json[_at + 1] : (byte)0;
        if (c == 'u')
        {
            for (var i = 2; i < 6; i++)
            {
                if (_at + i >= _json.Length || !char.IsAsciiHexDigit((char)_json[_at + i]))
                {
                    return Fail("\\u needs four hexadecimal digits");
                }
            }

            _at += 6;
            return true;
        }

        if (!"\"\\/bfnrt"u8.Contains(c))
        {
            return Fail("unknown escape in a string");
        }

        _at += 2;
        return true;
    }

    private bool ScanLiteral(ReadOnlySpan<byte> literal)
    {
        if (!_json[_at..].StartsWith(literal))
        {
            return Fail("not a JSON value");
        }

        _at += literal.Length;
        return true;
    }

    private bool ScanNumber() =>
        JsonNumber.TryScan(_json, ref _at, out var error) || Fail(error);

    private bool Fail(string error)
    {
        Error = error;
        return false;
    }
}
