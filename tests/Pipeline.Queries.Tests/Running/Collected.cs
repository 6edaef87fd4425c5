using System.Globalization;
using System.Text;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Tests.Running;

/// <summary>Keeps everything an operator puts out, as text.</summary>
public sealed class Collected : IOperatorOutput
{
    public List<string> Values { get; } = [];

    public List<string> Keys { get; } = [];

    public List<long> Times { get; } = [];

    public List<string> Late { get; } = [];

    public List<string> Rejected { get; } = [];

    public List<string> Reasons { get; } = [];

    /// <summary>Everything in one order, to compare two runs.</summary>
    public List<string> All { get; } = [];

    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time)
    {
        Keys.Add(Encoding.UTF8.GetString(key));
        Values.Add(Encoding.UTF8.GetString(value));
        Times.Add(time);
        All.Add($"{Keys[^1]} {Values[^1]} {Text(time)}");
    }

    public void EmitLate(in StageRecord record)
    {
        Late.Add(Encoding.UTF8.GetString(record.Value));
        All.Add($"late {Late[^1]}");
    }

    public void Reject(in StageRecord record, string reason)
    {
        Rejected.Add(Encoding.UTF8.GetString(record.Value));
        Reasons.Add(reason);
        All.Add($"rejected {record.Offset.ToString(CultureInfo.InvariantCulture)} {reason}");
    }

    private static string Text(long time)
    {
        Span<byte> text = stackalloc byte[Iso8601.MaxLength];
        return Encoding.UTF8.GetString(text[..Iso8601.Format(time, text)]);
    }
}
