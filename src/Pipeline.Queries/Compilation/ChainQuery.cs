using Pipeline.Kernel.Stages;
using Pipeline.Queries.Operators;

namespace Pipeline.Queries.Compilation;

/// <summary>Two queries, the second over the results of the first.</summary>
internal sealed class ChainQuery(CompiledQuery first, CompiledQuery second) : CompiledQuery
{
    public override string Source => first.Source;

    public override string? Into => second.Into;

    public override IReadOnlyList<JoinSideQuery> JoinSides => first.JoinSides;

    public override ITimestamp? Timestamp => first.Timestamp;

    public override string? TimestampPath => first.TimestampPath;

    public override IReadOnlyList<string>? GroupBy =>
        second.GroupBy is { } paths ? [.. paths.Select(first.SourceOf).OfType<string>()] : null;

    public override IReadOnlyList<string>? Gathers
    {
        get
        {
            if (second.Gathers is not { } paths)
            {
                return first.Gathers;
            }

            var sources = paths.Select(first.SourceOf).OfType<string>();
            return [.. first.Gathers?.Intersect(sources, StringComparer.OrdinalIgnoreCase) ?? sources];
        }
    }

    public override bool NeedsWatermark => first.NeedsWatermark || second.NeedsWatermark;

    public override IReadOnlyList<string>? Columns => second.Columns;

    public override string? SourceOf(string column) =>
        second.SourceOf(column) is { } path ? first.SourceOf(path) : null;

    public override bool KeepsFields => first.KeepsFields && second.KeepsFields;

    public override IOperator CreateOperator() => new ChainOperator(
        first.CreateOperator(), second.CreateOperator(), first.NeedsWatermark);
}
