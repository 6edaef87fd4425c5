namespace Pipeline.Queries.Operators;

/// <summary>What SELECT makes of a row: with a star everything of the event, and further columns behind it.</summary>
internal sealed record Projection(bool Star, OutputColumn[] Columns)
{
    /// <summary>SELECT * alone: the event's own bytes.</summary>
    public bool IsIdentity => Star && Columns.Length == 0;

    public bool Replaces(ReadOnlySpan<byte> name)
    {
        foreach (var column in Columns)
        {
            if (name.SequenceEqual(column.Utf8Name))
            {
                return true;
            }
        }

        return false;
    }
}
