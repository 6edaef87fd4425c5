using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>Checks and compiles a query.</summary>
public delegate QueryCompilation QueryCompile(string text, QueryOptions options);

/// <summary>What a plan may refer to beside its own definition.</summary>
public sealed record PlanningWorld
{
    public required QueryCompile Compile { get; init; }

    /// <summary>Streams of other pipelines, by name.</summary>
    public IReadOnlyDictionary<string, StreamDefinition> Streams { get; init; } =
        new Dictionary<string, StreamDefinition>();

    /// <summary>Stages whose output is kept as a stream because other pipelines read it.</summary>
    public IReadOnlyCollection<string> Kept { get; init; } = [];

    /// <summary>C# stages, by the name that <c>code:</c> uses.</summary>
    public IStageCodes? Codes { get; init; }
}

/// <summary>The C# stages this host knows.</summary>
public interface IStageCodes
{
    IReadOnlyCollection<string> Names { get; }

    /// <summary>
    /// Makes operators of a C# stage; null where there is no such type, with <paramref name="error"/> where its
    /// settings are wrong. <paramref name="keyPath"/> is where an output's key lies; null: the code says, or the
    /// input's key stays.
    /// </summary>
    Func<IOperator>? Find(
        string name,
        IReadOnlyDictionary<string, string> settings,
        string? keyPath,
        out Hash128 version,
        out string? error);
}
