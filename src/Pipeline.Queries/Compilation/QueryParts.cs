namespace Pipeline.Queries.Compilation;

/// <summary>The queries that a text holds, in its order, and what is wrong with its form.</summary>
public sealed record QueryParts(IReadOnlyList<QueryPart> Parts, IReadOnlyList<QueryError> Errors)
{
    /// <summary>
    /// Whether it is one SELECT, or steps that each read the one before, windows in the last only and no JOIN.
    /// </summary>
    public bool IsChain
    {
        get
        {
            for (var i = 0; i < Parts.Count; i++)
            {
                var isLast = i == Parts.Count - 1;
                if (Parts[i] is not { Branches: [var only] } || isLast != (Parts[i].Step is null)
                    || (!isLast && only.HasWindow) || (Parts.Count > 1 && only.Joined is not null)
                    || (i > 0 && !string.Equals(only.Source, Parts[i - 1].Step, StringComparison.OrdinalIgnoreCase)))
                {
                    return false;
                }
            }

            return Parts.Count > 0;
        }
    }
}

/// <summary>A step of WITH, or a query behind the steps; line and column count from 1 within the text.</summary>
/// <param name="Step">The step's name; null for a query behind the steps.</param>
/// <param name="Into">The name after INTO, or null.</param>
/// <param name="Line">Where the step's name stands, the name after INTO, or the query.</param>
/// <param name="Column">The same.</param>
/// <param name="Branches">Its SELECTs: several where UNION is between them.</param>
public sealed record QueryPart(
    string? Step, string? Into, int Line, int Column, IReadOnlyList<QueryBranch> Branches);

/// <summary>One SELECT of a text.</summary>
/// <param name="Start">The index of its first character.</param>
/// <param name="End">The index behind its last one.</param>
/// <param name="Source">The name after FROM; null where it could not be read.</param>
/// <param name="Joined">The name after JOIN, or null.</param>
/// <param name="HasWindow">Whether it has GROUP BY.</param>
public sealed record QueryBranch(int Start, int End, string? Source, string? Joined, bool HasWindow);
