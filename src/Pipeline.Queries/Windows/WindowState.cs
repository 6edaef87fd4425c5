using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;

namespace Pipeline.Queries.Windows;

/// <summary>
/// The saved form of open windows, version 1: watermark, the aggregates' kinds, then the windows by their ends, in each
/// the groups by their keys' bytes. Equal states have equal bytes, however they came about.
/// </summary>
internal static class WindowState
{
    private const byte Version = 1;

    public static void Save(long watermark, OpenWindows windows, WindowPlan plan, IBufferWriter<byte> to)
    {
        var writer = new StateWriter(to);
        writer.Write(Version);
        writer.Write(watermark);
        writer.Write(plan.Aggregates.Length);
        foreach (var aggregate in plan.Aggregates)
        {
            writer.Write((byte)aggregate.Kind);
        }

        writer.Write(windows.Count);
        for (var i = 0; i < windows.Count; i++)
        {
            Save(windows[i], writer);
        }
    }

    public static long Load(ReadOnlySpan<byte> from, OpenWindows windows, WindowPlan plan, long mostBytes)
    {
        windows.Clear();
        var reader = new StateReader(from);
        var isKnown = reader.ReadByte() == Version;
        var watermark = isKnown ? reader.ReadInt64() : 0;
        if (!isKnown || reader.ReadInt32() != plan.Aggregates.Length)
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

        var count = reader.ReadCount();
        for (var i = 0; i < count; i++)
        {
            Load(ref reader, windows, mostBytes);
        }

        return reader.IsAtEnd ? watermark : throw StateReader.Invalid();
    }

    private static void Save(WindowTable window, StateWriter to)
    {
        var groups = window.Groups;
        to.Write(window.End);
        to.Write(groups.Count);
        foreach (var column in window.Columns)
        {
            column.BeginSave(groups.Count);
        }

        foreach (var group in groups.InOrder())
        {
            to.Write(groups.Key(group));
            to.Write(groups.Extra(group));
            foreach (var column in window.Columns)
            {
                column.Save(group, to);
            }
        }
    }

    private static void Load(ref StateReader from, OpenWindows windows, long mostBytes)
    {
        var window = windows.Add(from.ReadInt64());
        var count = from.ReadCount();
        for (var i = 0; i < count; i++)
        {
            var key = from.ReadBytes();
            var group = window.Open(key, ByteHash.Of(key), from.ReadBytes());
            foreach (var column in window.Columns)
            {
                column.Load(group, ref from);
            }

            windows.Grew(window);
            StateLimitException.ThrowIfOver(windows.Bytes, mostBytes);
        }
    }
}
