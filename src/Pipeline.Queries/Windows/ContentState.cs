using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Keeping;

namespace Pipeline.Queries.Windows;

/// <summary>
/// The saved form of windows that follow from the events, version 3: watermark, the aggregates' kinds, then what is
/// kept of each event, by the groups' bytes and the events' times.
/// </summary>
internal static class ContentState
{
    private const byte Version = 3;

    public static void Save(
        long watermark, KeptGroups groups, Predicate<KeptEvents> isDead, WindowPlan plan, IBufferWriter<byte> to)
    {
        var writer = new StateWriter(to);
        writer.Write(Version);
        writer.Write(watermark);
        writer.Write(plan.Aggregates.Length);
        foreach (var aggregate in plan.Aggregates)
        {
            writer.Write((byte)aggregate.Kind);
        }

        var order = groups.InOrder();
        var count = 0;
        foreach (var group in order)
        {
            count += isDead(groups[group]) ? 0 : 1;
        }

        writer.Write(count);
        foreach (var group in order)
        {
            if (!isDead(groups[group]))
            {
                Save(groups.Key(group), groups[group], writer);
            }
        }
    }

    public static long Load(ReadOnlySpan<byte> from, KeptGroups groups, int values, WindowPlan plan, long mostBytes)
    {
        groups.Clear();
        var reader = new StateReader(from);
        var watermark = reader.ReadByte() == Version ? reader.ReadInt64() : throw StateReader.Invalid();
        if (reader.ReadInt32() != plan.Aggregates.Length)
        {
            throw StateReader.Invalid();
        }

        foreach (var aggregate in plan.Aggregates)
        {
            if (reader.ReadByte() != (byte)aggregate.Kind)
            {
                throw StateReader.Invalid();
            }
        }

        for (var count = reader.ReadCount(); count > 0; count--)
        {
            var group = groups.Open(reader.ReadBytes());
            groups[group].Cut = (reader.ReadInt64(), reader.ReadInt64());
            for (var events = reader.ReadCount(); events > 0; events--)
            {
                var time = reader.ReadInt64();
                var data = reader.ReadBytes();
                KeptValues.Check(data, values);
                groups.Insert(group, groups[group].PlaceOf(time), time, data);
                StateLimitException.ThrowIfOver(groups.Bytes, mostBytes);
            }
        }

        return reader.IsAtEnd ? watermark : throw StateReader.Invalid();
    }

    private static void Save(ReadOnlySpan<byte> key, KeptEvents events, StateWriter to)
    {
        to.Write(key);
        to.Write(events.Cut.At);
        to.Write(events.Cut.Last);
        to.Write(events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            to.Write(events.Time(i));
            to.Write(events.Data(i));
        }
    }
}
