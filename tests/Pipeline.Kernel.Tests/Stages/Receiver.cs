using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>The target partitions: keep what comes, in order, and hold each part to the chain.</summary>
internal sealed class Receiver
{
    private readonly SortedDictionary<(int Target, int Partition), (List<string> Records, Origin Last)> _held = [];

    public IEnumerable<string> All => _held.SelectMany(pair => pair.Value.Records);

    public Origin Last(StageOutlet outlet) =>
        _held.TryGetValue((outlet.Target, outlet.Partition), out var held) ? held.Last : Origin.None;

    public IReadOnlyList<string> Records(int target) =>
        [.. _held.Where(pair => pair.Key.Target == target).SelectMany(pair => pair.Value.Records)];

    /// <summary>Takes up to <paramref name="parts"/> parts of each outlet.</summary>
    public void Take(StageMachine machine, int parts = int.MaxValue)
    {
        foreach (var outlet in machine.Outlets)
        {
            for (var i = 0; i < parts && outlet.Take() is { } part; i++)
            {
                Take(outlet, part);
            }
        }
    }

    private void Take(StageOutlet outlet, OutputPart part)
    {
        var place = (outlet.Target, outlet.Partition);
        var (records, last) = _held.GetValueOrDefault(place, ([], Origin.None));
        Assert.True(PartCodec.TryRead(part.Bytes.Span, out var view, out var size));
        Assert.Equal(part.Bytes.Length, size);
        Assert.Equal(last, view.Header.Previous);
        Assert.Equal(Layouts.Self, view.Header.Handle);
        var body = view.Body;
        for (var i = 0; i < view.Header.Count; i++)
        {
            Assert.True(RecordCodec.TryRead(body, out var record, out var recordSize));
            Assert.True(record.Origin > last);
            last = record.Origin;
            records.Add($"{outlet.Target}/{outlet.Partition} {last.Offset}.{last.Ordinal} "
                + $"{Encoding.UTF8.GetString(record.Key)}={Encoding.UTF8.GetString(record.Value)}@{record.Time}");
            body = body[recordSize..];
        }

        Assert.True(body.IsEmpty);
        Assert.Equal(last, view.Header.Last);
        _held[place] = (records, last);
    }
}
