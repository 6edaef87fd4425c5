using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>The names a definition may read from, and small queries over them.</summary>
internal sealed class PlanSources
{
    private readonly PlanningWorld _world;
    private readonly Dictionary<string, StreamDefinition> _streams = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PlannedStage> _stages = new(StringComparer.Ordinal);

    public PlanSources(PlanningWorld world, PipelineDefinition definition)
    {
        _world = world;
        foreach (var (name, stream) in world.Streams)
        {
            _streams[name] = stream;
        }

        foreach (var declared in definition.Streams)
        {
            _streams[declared.Stream.Name.Value] = declared.Stream;
        }
    }

    /// <summary>Whether another pipeline reads a stage's output.</summary>
    public bool IsKept(PlannedStage stage) => !stage.IsInner && _world.Kept.Contains(stage.Name);

    public IEnumerable<string> Names => _stages.Keys.Concat(_streams.Keys);

    public void Add(PlannedStage stage) => _stages[stage.Name] = stage;

    public PlannedStage? Stage(string name) => _stages.GetValueOrDefault(name);

    public StreamDefinition? Stream(string name) => _streams.GetValueOrDefault(name);

    public bool Has(string name) => _stages.ContainsKey(name) || _streams.ContainsKey(name);

    /// <summary>Reports a name that is neither a stage nor a stream.</summary>
    public void Check(Located<string> from, DefinitionErrors errors)
    {
        if (!Has(from.Value))
        {
            errors.Add(from.Position, $"There is no stream or stage '{from.Value}'."
                + NameSuggestion.For(from.Value, Names));
        }
    }

    /// <summary>The stage that a stage's query means by a name, or null.</summary>
    public PlannedStage? Stage(StageDefinition reader, string name) =>
        Stage(reader.Steps.TryGetValue(name, out var step) ? step : name);

    /// <summary>Compiles with what is known of all sources so far.</summary>
    public QueryCompilation Compile(
        string text,
        string? key,
        TimeSpan lateness,
        bool isKeyOptional = false,
        int mostResultBytes = StreamDefinition.DefaultMaxEventBytes,
        bool isStrict = false,
        IReadOnlyDictionary<string, string>? steps = null)
    {
        var sources = new Dictionary<string, IReadOnlyList<string>?>(StringComparer.Ordinal);
        foreach (var name in _streams.Keys)
        {
            sources[name] = null;
        }

        foreach (var (name, stage) in _stages)
        {
            sources[name] = stage.Columns;
        }

        foreach (var (name, stage) in steps ?? new Dictionary<string, string>())
        {
            sources.Keys.Where(other => other.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList()
                .ForEach(hidden => sources.Remove(hidden));
            sources[name] = Stage(stage)?.Columns;
        }

        return _world.Compile(text, new QueryOptions
        {
            Key = key,
            IsKeyOptional = isKeyOptional,
            IsStrict = isStrict,
            Lateness = lateness,
            MostResultBytes = mostResultBytes,
            Sources = sources,
        });
    }

    /// <summary>Passes everything on, under the key at <paramref name="key"/>.</summary>
    public CompiledQuery? Rekey(string from, string? key, int mostResultBytes) => Compile(
        $"SELECT * FROM {Quoted(from)}", key, TimeSpan.Zero, isKeyOptional: true, mostResultBytes).Query;

    /// <summary>Reads the time at a path.</summary>
    public ITimestamp? TimeAt(string from, string path) => Compile(
        $"SELECT * FROM {Quoted(from)} TIMESTAMP BY {string.Join('.', path.Split('.').Select(Quoted))}",
        null,
        TimeSpan.Zero).Query?.Timestamp;

    private static string Quoted(string name) => $"[{name}]";
}
