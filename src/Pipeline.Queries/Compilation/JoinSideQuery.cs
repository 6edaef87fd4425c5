using Pipeline.Kernel.Stages;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Compilation;

/// <summary>
/// What brings the events of one source to a JOIN: rows <c>{"name":event}</c>, spread by the first value that both
/// sides have to agree in.
/// </summary>
public sealed class JoinSideQuery : CompiledQuery
{
    /// <summary>
    /// What the rows are spread by, where plans say it as the path of a field; no row has such a field.
    /// </summary>
    public const string Key = "on";

    private readonly Func<IOperator> _create;

    internal JoinSideQuery(string source, string name, Func<IOperator> create)
    {
        (Source, Name, _create) = (source, name, create);
    }

    public override string Source { get; }

    /// <summary>What the query calls the source.</summary>
    public string Name { get; }

    /// <summary>All that decides what the rows are.</summary>
    public required string Meaning { get; init; }

    /// <summary>Whether anything has to be equal; else all rows are in one place.</summary>
    public required bool IsKeyed { get; init; }

    public override string? Into => null;

    public override ITimestamp? Timestamp => Time;

    public override string? TimestampPath => TimePath;

    public override IReadOnlyList<string>? GroupBy => null;

    public override IReadOnlyList<string>? Gathers => null;

    public override bool NeedsWatermark => false;

    public override IReadOnlyList<string>? Columns => null;

    public override bool KeepsFields => false;

    internal ITimestamp? Time { get; init; }

    internal string? TimePath { get; init; }

    /// <summary>The source's field that has the key; null where it is computed, or nothing must be equal.</summary>
    internal string? KeyPath { get; init; }

    public override string? SourceOf(string column)
    {
        if (column == Key)
        {
            return KeyPath;
        }

        return JsonPath.TryParse(column, out var path, out _) && path.Steps.Count > 1
            && Name.Equals(path.Steps[0].Name, StringComparison.OrdinalIgnoreCase)
            ? new JsonPath([.. path.Steps.Skip(1)]).ToString()
            : null;
    }

    public override IOperator CreateOperator() => _create();
}
