using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Compilation;

/// <summary>A query compiled from text.</summary>
internal sealed class SqlQuery(Func<IOperator> create) : CompiledQuery
{
    public required string SourceName { get; init; }

    public string? IntoName { get; init; }

    public ITimestamp? Time { get; init; }

    public IReadOnlyList<string>? GroupPaths { get; init; }

    public IReadOnlyList<string>? ColumnNames { get; init; }

    public string? KeyFrom { get; init; }

    public override string Source => SourceName;

    public override string? Into => IntoName;

    public override ITimestamp? Timestamp => Time;

    public override IReadOnlyList<string>? GroupBy => GroupPaths;

    public override IReadOnlyList<string>? Columns => ColumnNames;

    public override string? KeyPath => KeyFrom;

    public override IOperator CreateOperator() => create();
}
