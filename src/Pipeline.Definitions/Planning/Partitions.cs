using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>Where records lie before and after a stage.</summary>
internal static class Partitions
{
    /// <summary>Events without key are anywhere, so a stream that spreads them is not partitioned by its key.</summary>
    public static Partitioning Of(StreamDefinition stream) => new(
        stream.MissingKey == MissingKey.Spread ? null : stream.Key, stream.Partitions);

    /// <summary>The output column that repeats the input's key, or null.</summary>
    public static string? KeyColumn(CompiledQuery query, Partitioning input)
    {
        if (input.KeyPath is not { } key)
        {
            return null;
        }

        if (query.Columns is not { } columns)
        {
            return Same(query.SourceOf(key), key) ? key : null;
        }

        return columns.FirstOrDefault(column => Same(query.SourceOf(column), key));
    }

    /// <summary>Says how a stage's outputs are spread, and whether each stays in its input's partition.</summary>
    public static void Place(PlannedStage stage)
    {
        var input = stage.Input;
        var partitions = stage.Definition.Partitions?.Value ?? input.Partitions;
        if (stage is { JoinSide: not null, Query: JoinSideQuery side })
        {
            // Its rows go where both sides' rows of one key go.
            stage.Output = side.IsKeyed && !stage.HasAllRows
                ? new Partitioning(JoinSideQuery.Key, partitions)
                : new Partitioning(null, 1);
            return;
        }

        if (stage.Definition.Key?.Value is { } key)
        {
            var isSame = input.KeyPath is { } path && Same(stage.Query?.SourceOf(key), path);
            stage.Output = new Partitioning(key, partitions);
            stage.IsAligned = partitions == input.Partitions && (isSame || partitions == 1);
        }
        else
        {
            var column = stage.Query is { } query ? KeyColumn(query, input) : null;
            stage.Output = new Partitioning(column, partitions);
            stage.IsAligned = partitions == input.Partitions;
        }
    }

    /// <summary>
    /// Says how a union's outputs are spread: by a key only where each of its queries keeps it, in a column of one
    /// name. Its readers are never fused to it, as no partition of its inputs has all of a partition of it.
    /// </summary>
    public static void Unite(PlannedStage union)
    {
        var columns = union.Branches.Select(static branch => branch.Output.KeyPath).ToList();
        var partitions = union.IsJoinInput ? null : union.Definition.Partitions?.Value;
        var key = columns.TrueForAll(column => column is not null && Same(column, columns[0]!)) ? columns[0] : null;
        union.Output = new Partitioning(
            union.Definition.Key?.Value ?? key,
            partitions ?? union.Branches.Max(static branch => branch.Output.Partitions));
    }

    private static bool Same(string? left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
