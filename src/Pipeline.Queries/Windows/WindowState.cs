using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;

namespace Pipeline.Queries.Windows;

/// <summary>
/// The saved form of open windows, version 2: watermark, the aggregates' kinds, then the windows by their ends, each
/// with its place in GROUP BY, and the groups by their keys' bytes. Equal states have equal bytes, however they came
/// about. Version 1 had no place: there was one window only.
/// </summary>
internal static class WindowState
{
    private const byte Version = 2;
    private const byte VersionOfOneWindow = 1;

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
        var version = reader.ReadByte();
        var isKnown = version is Version or VersionOfOneWindow;
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
            var end = reader.ReadInt64();
            var shape = version == Version ? reader.ReadInt32() : 0;
            if (shape < 0 || shape >= plan.Shapes.Length)
            {
                throw StateReader.Invalid();
            }

            Load(ref reader, windows.Add(end, shape), windows, mostBytes);
        }

        return reader.IsAtEnd ? watermark : throw StateReader.Invalid();
    }

    private static void Save(WindowTable window, StateWriter to)
    {
        var groups = window.Groups;
        to.Write(window.End);
        to.Write(window.Shape);
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

    private static void Load(ref StateReader from, WindowTable window, OpenWindows windows, long mostBytes)
    {
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
