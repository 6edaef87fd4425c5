using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Tables;

/// <summary>Makes rows of a table of events: the fields of one are the columns of the other.</summary>
internal sealed class TableRows(TableShape table)
{
    private const int MostDepth = 128;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <summary>
    /// Runs of rows that have the same columns, in the order of the rows: a shape as
    /// <see cref="TableStatements.Insert"/> takes it, and the rows as JSON by the columns' names. With what cannot be
    /// a row the answer says which one, and why.
    /// </summary>
    public (List<(string Shape, List<string> Rows)> Runs, SinkAnswer? Refusal) Make(IReadOnlyList<SinkRow> events)
    {
        var runs = new List<(string Shape, List<string> Rows)>();
        for (var i = 0; i < events.Count; i++)
        {
            var (shape, row, refusal) = Make(events[i].Value);
            if (refusal is not null)
            {
                return (runs, new SinkAnswer(SinkVerdict.Refused, refusal, i));
            }

            if (runs.Count == 0 || runs[^1].Shape != shape)
            {
                runs.Add((shape, []));
            }

            runs[^1].Rows.Add(row);
        }

        return (runs, null);
    }

    private (string Shape, string Row, string? Refusal) Make(ReadOnlySpan<byte> value)
    {
        var columns = new SortedSet<int>();
        _buffer.ResetWrittenCount();
        using (var row = new Utf8JsonWriter(_buffer, Options))
        {
            var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = MostDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return ("", "", "the event is no JSON object, so it has no columns");
            }

            row.WriteStartObject();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var field = reader.GetString()!;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                var isNull = reader.TokenType == JsonTokenType.Null;
                reader.Skip();
                var column = table.Find(field);
                if (Refusal(field, column, isNull, columns) is { } refusal)
                {
                    return ("", "", refusal);
                }

                row.WritePropertyName(table.Columns[column].Name);
                row.WriteRawValue(value[start..(int)reader.BytesConsumed], skipInputValidation: true);
            }

            row.WriteEndObject();
        }

        foreach (var key in table.Key.Where(key => !columns.Contains(key)))
        {
            return ("", "", $"the event lacks the key '{table.Columns[key].Name}'");
        }

        return columns.Count == 0
            ? ("", "", "the event has no fields")
            : (string.Join(',', columns.Select(static column => column.ToString(CultureInfo.InvariantCulture))),
                Encoding.UTF8.GetString(_buffer.WrittenSpan),
                null);
    }

    private string? Refusal(string field, int column, bool isNull, SortedSet<int> columns)
    {
        if (column < 0)
        {
            return $"the table has no column '{field}': add it to the table, or leave it out in a stage's query";
        }

        if (!table.Columns[column].IsWritable)
        {
            return $"the database makes the column '{field}' itself: leave it out in a stage's query";
        }

        if (isNull && table.Key.Contains(column))
        {
            return $"the key '{field}' is null";
        }

        return columns.Add(column) ? null : $"two fields are the column '{table.Columns[column].Name}'";
    }
}
