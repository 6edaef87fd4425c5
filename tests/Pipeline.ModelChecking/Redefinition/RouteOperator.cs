using System.Buffers;
using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>
/// Reads events like <c>201</c>: event 2, which goes to partition 0 by the first key and to partition 1 by the second.
/// Emits <c>2@tag</c>, and remembers what it has seen until a watermark of <see cref="Flush"/> or more.
/// </summary>
/// <param name="tag">The text it belongs to.</param>
/// <param name="key">Which of the keys is in use: 1 or 2.</param>
/// <param name="hasTwin">Each event makes a second output, for the other key.</param>
internal sealed class RouteOperator(string tag, int key, bool hasTwin) : IOperator
{
    public const long Flush = 1000;

    private static readonly string[] PartitionKeys = [KeyOf(0), KeyOf(1)];
    private string _seen = string.Empty;

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        var text = Encoding.UTF8.GetString(record.Value);
        _seen += text[0];
        Emit(output, text[key] - '0', $"{text[0]}@{tag}", record.Time);
        if (hasTwin)
        {
            Emit(output, text[3 - key] - '0', $"{text[0]}'@{tag}", record.Time);
        }
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
        if (watermark >= Flush && _seen.Length > 0)
        {
            Emit(output, key - 1, $"all {_seen}@{tag}", watermark);
            _seen = string.Empty;
        }
    }

    public void Save(IBufferWriter<byte> to) => to.Write(Encoding.UTF8.GetBytes(_seen));

    public void Load(ReadOnlySpan<byte> from) => _seen = Encoding.UTF8.GetString(from);

    private static void Emit(IOperatorOutput output, int partition, string value, long time) =>
        output.Emit(Encoding.UTF8.GetBytes(PartitionKeys[partition]), Encoding.UTF8.GetBytes(value), time);

    private static string KeyOf(int partition) => Enumerable.Range(0, 100).Select(static number => $"k{number}")
        .First(key => KeySlot.Of(Encoding.UTF8.GetBytes(key)).Partition(2) == partition);
}
