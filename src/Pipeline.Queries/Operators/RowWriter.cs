using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Operators;

/// <summary>
/// Writes results as JSON and finds their keys. One an operator; what it returns is valid until the next row.
/// </summary>
internal sealed class RowWriter(Projection projection, OutputKey? outputKey)
{
    private readonly JsonBuffer _json = new();
    private byte[] _keyScratch = [];
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

        for (var i = 0; i < projection.Columns.Length; i++)
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
        while (cursor.TryReadName(out var name, out var escaped))
        {
            cursor.SkipValue(out _);
            if (!projection.Replaces(JsonElements.Plain(name, escaped, row.State.Scratch)))
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
        if (_keyScratch.Length < value.Length)
        {
            _keyScratch = new byte[Math.Max(256, value.Length * 2)];
        }

        bool found;
        if (outputKey!.Column >= 0)
        {
            var json = value.Slice(_keyStart, _keyLength);
            found = KeyReader.TryConvert(json, json.IndexOf((byte)'\\') >= 0, _keyScratch, out key);
        }
        else
        {
            found = outputKey.Reader.TryRead(value, _keyScratch, out key);
        }

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
