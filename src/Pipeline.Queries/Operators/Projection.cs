namespace Pipeline.Queries.Operators;

/// <summary>
/// What SELECT makes of a row: columns, and stars between them. Of equal names the one further left counts, so a
/// column whose name a star before it has brought is left out.
/// </summary>
internal sealed record Projection(StarItem[] Stars, OutputColumn[] Columns)
{
    /// <summary>SELECT * alone: the event's own bytes.</summary>
    public bool IsIdentity => Columns.Length == 0 && Stars is [{ Record: null }];

    /// <summary>Whether all fields of an event are in its result.</summary>
    public bool HasEvent => Array.Exists(Stars, star => star.Record is null);

    /// <summary>The columns' names, given those of the event; null where they are not known.</summary>
    public string[]? Names(IReadOnlyList<string>? source)
    {
        if (Array.Exists(Stars, star => star.Record is not null) || (HasEvent && source is null))
        {
            return null;
        }

        var names = new List<string>();
        for (var i = 0; i <= Columns.Length; i++)
        {
            foreach (var _ in Stars.Where(star => star.Before == i))
            {
                names.AddRange(source!.Where(name => !names.Contains(name)));
            }

            if (i < Columns.Length && !names.Contains(Columns[i].Name))
            {
                names.Add(Columns[i].Name);
            }
        }

        return [.. names];
    }
}
