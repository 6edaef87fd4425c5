using System.Text;

namespace Pipeline.Queries.Values;

/// <summary>
/// The state of evaluating one row: scratch memory, and the first error. After an error values are NULL until the row's
/// end, where the operator rejects the event.
/// </summary>
internal sealed class Evaluation
{
    private const int LongestQuote = 60;

    public Scratch Scratch { get; } = new();

    public string? Error { get; private set; }

    public void Reset()
    {
        Scratch.Reset();
        Error = null;
    }

    /// <summary>Notes the error, and gives NULL to go on with.</summary>
    public Value Fail(string reason)
    {
        Error ??= reason;
        return Value.Null;
    }

    /// <summary>A value as messages show it: cut to a readable length.</summary>
    public static string Quote(in Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                return "NULL";
            case ValueKind.Bit:
                return value.Bits != 0 ? "true" : "false";
            case ValueKind.Bigint or ValueKind.Float or ValueKind.Datetime:
                var text = new JsonBuffer();
                text.Write(value);
                return Encoding.UTF8.GetString(text.Written).Trim('"');
            default:
                var bytes = value.Bytes.Length > LongestQuote ? value.Bytes[..LongestQuote] : value.Bytes;
                return $"'{Encoding.UTF8.GetString(bytes)}{(bytes.Length < value.Bytes.Length ? "…" : "")}'";
        }
    }
}
