using System.Buffers;
using System.Buffers.Text;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Ingestion;

/// <summary>
/// Reads one CloudEvent in JSON format: walks its members by hand, because the depth limit and the key path are those
/// of its data. All members but data and data_base64 are kept as they lie, in one JSON object.
/// </summary>
internal ref struct CloudEventReader(EventList events, EventRouter router)
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789"u8);

    private readonly ReadOnlySpan<byte> _body = events.Body;
    private readonly ArrayBufferWriter<byte> _attributes = new();
    private JsonScanner _names = new(events.Body, null);
    private JsonScanner _values = new(events.Body, router.Path);
    private byte[]? _id;
    private byte[]? _source;
    private byte[]? _type;
    private byte[]? _version;
    private byte[]? _key;
    private byte[]? _data;
    private ScannedKey _dataKey;
    private int _dataStart;
    private int _dataLength;
    private int _number;

    /// <summary>Reads the event at <paramref name="at"/> and moves behind it; false after a mistake.</summary>
    public bool TryRead(ref int at)
    {
        if (events.Count == events.Limits.MaxRequestEvents)
        {
            EventLimits.FailCount(events, at);
            return false;
        }

        ref var entry = ref events.Add();
        _number = events.Count;
        _attributes.ResetWrittenCount();
        _id = _source = _type = _version = _key = _data = null;
        _dataKey = default;
        _dataLength = 0;
        var start = at;
        if (at >= _body.Length || _body[at] != '{')
        {
            return Fail("a CloudEvent is a JSON object", at);
        }

        at++;
        if (!ReadMembers(ref at) || !CheckRequired(start))
        {
            return false;
        }

        Complete(ref entry, start);
        return !events.IsFull;
    }

    private bool ReadMembers(ref int at)
    {
        _attributes.Write("{"u8);
        at = JsonScanner.SkipSpace(_body, at);
        if (at < _body.Length && _body[at] == '}')
        {
            at++;
            return true;
        }

        while (ReadMember(ref at))
        {
            at = JsonScanner.SkipSpace(_body, at);
            var c = at < _body.Length ? _body[at] : (byte)0;
            if (c is not ((byte)',' or (byte)'}'))
            {
                return Fail("',' or '}' is missing", at);
            }

            at++;
            if (c == '}')
            {
                _attributes.Write("}"u8);
                return true;
            }
        }

        return false;
    }

    private bool ReadMember(ref int at)
    {
        var nameStart = JsonScanner.SkipSpace(_body, at);
        if (nameStart >= _body.Length || _body[nameStart] != '"')
        {
            return Fail("a member name in double quotes is missing", nameStart);
        }

        if (!_names.TryScan(nameStart, out at))
        {
            return Fail(_names.Error, _names.ErrorAt);
        }

        var name = _body[(nameStart + 1)..(at - 1)];
        at = JsonScanner.SkipSpace(_body, at);
        if (at >= _body.Length || _body[at] != ':')
        {
            return Fail("':' is missing", at);
        }

        var start = JsonScanner.SkipSpace(_body, at + 1);
        if (!_values.TryScan(start, out at))
        {
            return Fail(_values.Error, _values.ErrorAt);
        }

        return name.SequenceEqual("data"u8) || name.SequenceEqual("data_base64"u8)
            ? TakeData(name, start, at)
            : TakeAttribute(name, nameStart, start, at);
    }

    private bool TakeData(ReadOnlySpan<byte> name, int start, int end)
    {
        if (_dataLength != 0)
        {
            return Fail("a CloudEvent has either data or data_base64, once", start);
        }

        _dataStart = start;
        _dataLength = end - start;
        _dataKey = _values.Key;
        return name.Length == 4 || TakeBase64(_body[start..end], start);
    }

    /// <summary>JSON may write any character of it as an escape; it is kept without.</summary>
    private bool TakeBase64(ReadOnlySpan<byte> value, int at)
    {
        var hasEscape = value.Contains((byte)'\\');
        var text = value[0] == '"' ? value[1..^1] : default;
        if (hasEscape && value[0] == '"' && JsonText.TryUnescape(text, out var unescaped))
        {
            _data = unescaped;
            text = unescaped;
        }

        return (value[0] == '"' && !text.ContainsAny(" \t\r\n"u8) && Base64.IsValid(text))
            || Fail("data_base64 is not Base64", at);
    }

    private bool TakeAttribute(ReadOnlySpan<byte> name, int nameStart, int start, int end)
    {
        if (name.IsEmpty || name.ContainsAnyExcept(NameBytes))
        {
            return Fail("an attribute's name has lower-case letters and digits only", nameStart);
        }

        var value = _body[start..end];
        if (value[0] is (byte)'{' or (byte)'[')
        {
            return Fail("an attribute is a string, a number or a boolean", start);
        }

        if (value[0] == 'n')
        {
            return true;
        }

        if (_attributes.WrittenCount > 1)
        {
            _attributes.Write(","u8);
        }

        _attributes.Write("\""u8);
        _attributes.Write(name);
        _attributes.Write("\":"u8);
        _attributes.Write(value);
        return Note(name, value, start);
    }

    private bool Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int at)
    {
        var isString = value[0] == '"';
        byte[] text = [];
        if (isString && !JsonText.TryUnescape(value[1..^1], out text))
        {
            return Fail("a string holds half a surrogate pair", at);
        }

        if (name.SequenceEqual("time"u8) && !(isString && Rfc3339.IsTime(text)))
        {
            return Fail($"time is a time of RFC 3339, as {Rfc3339.Example}", at);
        }

        if (name.SequenceEqual("partitionkey"u8))
        {
            _key = isString ? text : value.ToArray();
        }
        else if (isString && name.SequenceEqual("id"u8))
        {
            _id = text;
        }
        else if (isString && name.SequenceEqual("source"u8))
        {
            _source = text;
        }
        else if (isString && name.SequenceEqual("type"u8))
        {
            _type = text;
        }
        else if (isString && name.SequenceEqual("specversion"u8))
        {
            _version = text;
        }

        return true;
    }

    private readonly bool CheckRequired(int at)
    {
        var missing = _id is not { Length: > 0 } ? "id"
            : _source is not { Length: > 0 } ? "source"
            : _type is not { Length: > 0 } ? "type"
            : _version is null ? "specversion" : null;
        if (missing is not null)
        {
            return Fail($"the attribute '{missing}' is missing or not a string", at);
        }

        if (!_version.AsSpan().SequenceEqual("1.0"u8))
        {
            return Fail("specversion must be \"1.0\"", at);
        }

        return _id!.Length + _source!.Length <= events.Limits.MaxHandleBytes
            || Fail($"source and id are longer than {events.Limits.MaxHandleBytes} bytes together", at);
    }

    private readonly void Complete(ref EventEntry entry, int start)
    {
        var attributes = _attributes.WrittenSpan;
        if (attributes.Length > RecordCodec.MaxAttributesLength || _key?.Length > RecordCodec.MaxKeyLength)
        {
            events.Fail(IngestProblem.TooLarge, "the attributes are longer than 65535 bytes", start, _number);
            return;
        }

        entry.AttributesStart = events.AddSide(attributes);
        entry.AttributesLength = attributes.Length;
        entry.ValueStart = _dataLength == 0 ? events.AddSide("null"u8)
            : _data is not null ? events.AddSide([(byte)'"', .. _data, (byte)'"'])
            : _dataStart;
        entry.ValueLength = _dataLength == 0 ? 4 : _data is not null ? _data.Length + 2 : _dataLength;
        if (_dataLength > 0 && EventLimits.FailLength(events, _body.Slice(_dataStart, _dataLength), _dataStart))
        {
            return;
        }

        var handle = HandleHash.OfEvent(_source, _id);
        events.Handles.Add(handle);
        if (_key is not null)
        {
            router.Route(ref entry, _key);
        }
        else
        {
            router.Route(ref entry, _dataKey, start);
            router.Spread(ref entry, handle);
        }
    }

    private readonly bool Fail(string reason, int at)
    {
        events.Fail(IngestProblem.Malformed, reason, at, _number);
        return false;
    }
}
