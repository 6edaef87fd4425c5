using Pipeline.Queries.Aggregates;

namespace Pipeline.Queries.Windows;

/// <summary>One open window: its groups, and a column of accumulators an aggregate.</summary>
internal sealed class WindowTable(AggregateColumn[] columns)
{
    /// <summary>Ticks UTC, inclusive.</summary>
    public long End { get; set; }

    /// <summary>Which of the windows in GROUP BY it is.</summary>
    public int Shape { get; set; }

    /// <summary>Group keys; beside each the record key of the group's first event.</summary>
    public ByteTable Groups { get; } = new();

    public AggregateColumn[] Columns => columns;

    /// <summary>About how many bytes of memory it takes, as last measured.</summary>
    public long Bytes { get; private set; }

    /// <summary>Measures, and returns by how much it has grown.</summary>
    public long Measure()
    {
        var before = Bytes;
        Bytes = Groups.Bytes;
        foreach (var column in columns)
        {
            Bytes += column.Bytes;
        }

        return Bytes - before;
    }

    public int Open(ReadOnlySpan<byte> key, uint hash, ReadOnlySpan<byte> recordKey)
    {
        var group = Groups.Add(key, hash, recordKey);
        foreach (var column in columns)
        {
            column.Open(group);
        }

        return group;
    }

    public void Clear()
    {
        Groups.Clear();
        foreach (var column in columns)
        {
            column.Clear();
        }
    }
}
