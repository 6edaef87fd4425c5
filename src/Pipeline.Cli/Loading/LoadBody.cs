using System.Globalization;
using System.Text;

namespace Pipeline.Cli.Loading;

/// <summary>Makes the events of a load: the stream's key, its time, a number, and what fills them up.</summary>
internal sealed class LoadBody(
    LoadOptions options, string keyField, string? timeField, TimeProvider time)
{
    private readonly KeyChoice _keys = new(options.Keys, options.Skew, new Random(options.Seed));
    private readonly StringBuilder _text = new();
    private long _number;

    /// <summary>One request: NDJSON, UTF-8. One thread makes them.</summary>
    public byte[] Next()
    {
        _text.Clear();
        var now = time.GetUtcNow().UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        for (var i = 0; i < options.Batch; i++)
        {
            var start = _text.Length;
            _text.Append(CultureInfo.InvariantCulture, $"{{\"{keyField}\":\"key-{_keys.Next():000000}\",");
            if (timeField is not null)
            {
                _text.Append(CultureInfo.InvariantCulture, $"\"{timeField}\":\"{now}\",");
            }

            _text.Append(CultureInfo.InvariantCulture, $"\"number\":{_number++},\"fill\":\"");
            var missing = options.Size - (_text.Length - start) - 2;
            _text.Append('x', Math.Max(0, missing)).Append("\"}\n");
        }

        return Encoding.UTF8.GetBytes(_text.ToString());
    }
}
