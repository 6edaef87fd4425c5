using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>
/// Writes results as JSON and finds their keys. One an operator; what it returns is valid until the next row. Writing
/// stops where a result grows beyond <paramref name="mostBytes"/>.
/// </summary>
internal sealed class RowWriter(Projection projection, OutputKey? outputKey, int mostBytes)
{
    private readonly JsonBuffer _json = new(mostBytes);
    private readonly bool[] _isTaken = new bool[projection.Columns.Length];
    private int _keyStart;
    private int _keyLength;

    /// <summary>False after an error, which is noted in the row's state.</summary>
    public bool TryWrite(
        in Row row, ReadOnlySpan<byte> inputKey, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = inputKey;
        value = row.Json;
        if (!projection.IsIdentity)
        {
            Write(row);
            value = _json.Written;
        }

        if (_json.IsFull || value.Length > mostBytes)
        {
            row.State.Fail($"the result is larger than {mostBytes} bytes (maxEvent)");
        }

        return row.State.Error is null && (outputKey is null || TryReadKey(row, value, out key));
    }

    private void Write(in Row row)
    {
        _json.Clear();
        _json.Raw((byte)'{');
        _keyLength = 0;
        var stars = projection.Stars;
        var star = 0;
        _isTaken.AsSpan().Clear();
        for (var i = 0; i <= _isTaken.Length && !_json.IsFull && row.State.Error is null; i++)
        {
            for (; star < stars.Length && stars[star].Before == i; star++)
            {
                WriteStar(row, star);
            }

            if (i < _isTaken.Length && !_isTaken[i] && row.State.Error is null)
            {
                WriteColumn(row, i);
            }
        }

        _json.Raw((byte)'}');
    }

    private void WriteColumn(in Row row, int index)
    {
        var column = projection.Columns[index];
        if (_json.Length > 1)
        {
            _json.Raw((byte)',');
        }

        _json.Raw(column.Label);
        var start = _json.Length;
        if (column.Expression is FieldExpression field)
        {
            // A plain column keeps its bytes, whatever its number or text looks like.
            var slot = row.Slots[field.Slot];
            _json.Raw(slot.Found ? slot.Of(row.Json) : "null"u8);
        }
        else
        {
            var used = row.State.Scratch.Used;
            _json.Write(column.Expression.Evaluate(row));
            row.State.Scratch.Release(used);
        }

        if (outputKey is not null && outputKey.Column == index)
        {
            (_keyStart, _keyLength) = (start, _json.Length - start);
        }
    }

    private void WriteStar(in Row row, int star)
    {
        var json = JsonOf(row, star);
        var cursor = new JsonCursor(json);
        cursor.SkipSpace();
        if (cursor.Peek() != (byte)'{')
        {
            FailStar(row, star, json);
            return;
        }

        cursor.Skip(1);
        cursor.SkipSpace();
        var start = cursor.At;
        var used = row.State.Scratch.Used;
        while (!_json.IsFull && cursor.TryReadName(out var name, out var escaped))
        {
            cursor.SkipValue(out _);
            var isHidden = IsHidden(row, star, JsonElements.Plain(name, escaped, row.State.Scratch));
            row.State.Scratch.Release(used);
            if (!isHidden)
            {
                if (_json.Length > 1)
                {
                    _json.Raw((byte)',');
                }

                _json.Raw(json[start..cursor.At]);
            }

            if (!cursor.TryNext())
            {
                return;
            }

            start = cursor.At;
        }
    }

    /// <summary>The object that a star spreads out.</summary>
    private ReadOnlySpan<byte> JsonOf(in Row row, int star)
    {
        if (projection.Stars[star].Record is not { } record)
        {
            return row.Json;
        }

        var slot = row.Slots[record.Slot];
        return slot.Found ? slot.Of(row.Json) : "null"u8;
    }

    /// <summary>
    /// Whether what stands further left has a member of this name already; a column further right must then not come.
    /// </summary>
    private bool IsHidden(in Row row, int star, ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _isTaken.Length; i++)
        {
            if (!name.SequenceEqual(projection.Columns[i].Utf8Name))
            {
                continue;
            }

            if (i < projection.Stars[star].Before)
            {
                return true;
            }

            _isTaken[i] = true;
        }

        for (var i = 0; i < star; i++)
        {
            if (JsonElements.HasMember(JsonOf(row, i), name, row.State.Scratch))
            {
                return true;
            }
        }

        return false;
    }

    private void FailStar(in Row row, int star, ReadOnlySpan<byte> json)
    {
        if (projection.Stars[star].Record is not { } record)
        {
            row.State.Fail("SELECT * with further columns: the event is not an object");
        }
        else if (json[0] != (byte)'n')
        {
            row.State.Fail($"{record.Path}.*: a record was expected, this is "
                + KindName.Of(FieldExpression.Read(json, false, row.State).Kind));
        }
    }

    private bool TryReadKey(in Row row, ReadOnlySpan<byte> value, out ReadOnlySpan<byte> key)
    {
        // Without a column of its own the key is what a star has brought.
        var isColumn = outputKey!.Column >= 0 && _keyLength > 0;
        var json = isColumn ? value.Slice(_keyStart, _keyLength) : value;
        var isEscaped = json.IndexOf((byte)'\\') >= 0;
        var scratch = isEscaped ? row.State.Scratch.Take(json.Length) : default;
        var found = isColumn
            ? KeyReader.TryConvert(json, isEscaped, scratch, out key)
            : outputKey.Reader.TryRead(value, scratch, out key);

        if (!found && outputKey.IsOptional)
        {
            key = default;
            return true;
        }

        if (!found)
        {
            row.State.Fail($"the result's key '{outputKey.Text}' is missing, NULL, a record or an array");
        }

        return found;
    }
}
