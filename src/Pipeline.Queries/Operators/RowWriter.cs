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
        if (projection.Star)
        {
            WriteStar(row);
        }

        var used = row.State.Scratch.Used;
        for (var i = 0; i < projection.Columns.Length && !_json.IsFull && row.State.Error is null; i++)
        {
            var column = projection.Columns[i];
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
                _json.Write(column.Expression.Evaluate(row));
                row.State.Scratch.Release(used);
            }

            if (outputKey is not null && outputKey.Column == i)
            {
                (_keyStart, _keyLength) = (start, _json.Length - start);
            }
        }

        _json.Raw((byte)'}');
    }

    private void WriteStar(in Row row)
    {
        var cursor = new JsonCursor(row.Json);
        cursor.SkipSpace();
        if (cursor.Peek() != (byte)'{')
        {
            row.State.Fail("SELECT * with further columns: the event is not an object");
            return;
        }

        cursor.Skip(1);
        cursor.SkipSpace();
        var start = cursor.At;
        var used = row.State.Scratch.Used;
        while (!_json.IsFull && cursor.TryReadName(out var name, out var escaped))
        {
            cursor.SkipValue(out _);
            var isReplaced = projection.Replaces(JsonElements.Plain(name, escaped, row.State.Scratch));
            row.State.Scratch.Release(used);
            if (!isReplaced)
            {
                if (_json.Length > 1)
                {
                    _json.Raw((byte)',');
                }

                _json.Raw(row.Json[start..cursor.At]);
            }

            if (!cursor.TryNext())
            {
                return;
            }

            start = cursor.At;
        }
    }

    private bool TryReadKey(in Row row, ReadOnlySpan<byte> value, out ReadOnlySpan<byte> key)
    {
        var isColumn = outputKey!.Column >= 0;
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
