using Pipeline.Kernel.Stages;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;

namespace Pipeline.Queries.Compilation;

/// <summary>What CROSS APPLY makes of its source: the rows that the rest of the query reads.</summary>
internal sealed class ApplyQuery(string source, string name, ApplyPlan plan, ITimestamp? time, string? timePath)
    : CompiledQuery
{
    public override string Source => source;

    public override string? Into => null;

    public override ITimestamp? Timestamp => time;

    public override string? TimestampPath => timePath;

    public override IReadOnlyList<string>? GroupBy => null;

    public override IReadOnlyList<string>? Gathers => null;

    public override bool NeedsWatermark => false;

    public override IReadOnlyList<string>? Columns => null;

    public override bool KeepsFields => false;

    public override string? SourceOf(string column) => JsonPath.TryParse(column, out var path, out _)
        && !name.Equals(path.Steps[0].Name, StringComparison.OrdinalIgnoreCase)
        ? column
        : null;

    public override IOperator CreateOperator() => new ApplyOperator(plan);
}
