using System.Text;

namespace Pipeline.Queries.Values;

/// <summary>
/// The state of evaluating one row: scratch memory, and the first error. After an error values are NULL until the row's
/// end, where the operator rejects the event.
/// </summary>
internal sealed class Evaluation
{
    /// <summary>The longest text that a function makes, in bytes of UTF-8.</summary>
    public const int MostTextBytes = 16 << 20;

    /// <summary>The most that the texts of one event may take while it is worked on, in bytes.</summary>
    public const int MostWorkingBytes = 64 << 20;

    private const int LongestQuote = 60;

    public Scratch Scratch { get; } = new();

    /// <summary>For the JSON of one value at a time.</summary>
    public JsonBuffer Json { get; } = new();

    public string? Error { get; private set; }

    /// <summary>Whether nothing is converted but by CAST.</summary>
    public bool IsStrict { get; init; }

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

    /// <summary>
    /// Memory for a text of this many bytes; false, and an error that names <paramref name="what"/>, where that is more
    /// than one text or all texts of an event may have.
    /// </summary>
    public bool TryTake(long length, string what, out Span<byte> to)
    {
        to = default;
        if (length > MostTextBytes)
        {
            Fail($"{what}: the result is longer than {MostTextBytes} bytes");
            return false;
        }

        if (Scratch.Used + length > MostWorkingBytes)
        {
            Fail($"{what}: the texts of one event take more than {MostWorkingBytes} bytes");
            return false;
        }

        to = Scratch.Take((int)length);
        return true;
    }

    /// <summary>Puts a value aside; false where there is no room, which is noted as an error.</summary>
    public bool TryHold(in Value value, string what, out HeldValue held)
    {
        held = default;
        if (Scratch.Used + (long)value.Bytes.Length > MostWorkingBytes)
        {
            Fail($"{what}: the texts of one event take more than {MostWorkingBytes} bytes");
            return false;
        }

        held = Scratch.Hold(value);
        return true;
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
