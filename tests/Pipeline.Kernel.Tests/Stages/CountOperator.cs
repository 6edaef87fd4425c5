using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Pipeline.Kernel.Stages;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>Counts a key's events in windows of ten ticks; the event time is the number in the value.</summary>
internal sealed class CountOperator : IOperator
{
    private readonly SortedDictionary<(long End, string Key), int> _windows = [];
    private long _watermark = long.MinValue;

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        var end = ((record.Time + 9) / 10) * 10;
        if (end < _watermark)
        {
            output.EmitLate(record);
            return;
        }

        var window = (end, Encoding.UTF8.GetString(record.Key));
        _windows[window] = _windows.GetValueOrDefault(window) + 1;
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
        _watermark = watermark;
        while (_windows.Count > 0 && _windows.First() is var (window, count) && window.End < watermark)
        {
            _windows.Remove(window);
            output.Emit(Encoding.UTF8.GetBytes(window.Key), Encoding.UTF8.GetBytes($"{count}"), window.End);
        }
    }

    public void Save(IBufferWriter<byte> to)
    {
        var text = string.Join('\n', _windows.Select(pair => $"{pair.Key.End} {pair.Key.Key} {pair.Value}"));
        Span<byte> head = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(head, _watermark);
        to.Write(head);
        to.Write(Encoding.UTF8.GetBytes(text));
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        _watermark = BinaryPrimitives.ReadInt64LittleEndian(from);
        foreach (var line in Encoding.UTF8.GetString(from[8..]).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = line.Split(' ');
            _windows[(long.Parse(fields[0]), fields[1])] = int.Parse(fields[2]);
        }
    }
}
