using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>Puts the stages of a checked definition together into groups, streams and sinks.</summary>
internal sealed class PlanAssembly(
    PipelineDefinition definition, PlanSources sources, List<PlannedStage> stages, DefinitionErrors errors)
{
    private readonly Dictionary<PlannedStage, TimestampChoice> _times =
        new TimestampPlanner(sources, stages, errors).Choose();

    public PipelinePlan Assemble()
    {
        foreach (var stage in stages.Where(static stage => stage.Union is null))
        {
            stage.IsMaterialized |= stage.Definition.Materialize && !stage.IsExchange;
            stage.IsMaterialized |= stage.Readers.Count == 0 || stage.Readers.Any(reader => !reader.IsFused);
            stage.IsMaterialized |= definition.Sinks.Any(sink => sink.From.Value == stage.Name);
            stage.IsMaterialized |= sources.IsKept(stage);
        }

        return new PipelinePlan
        {
            Name = definition.Name,
            Declared = definition.Streams,
            Outputs = Outputs(),
            Groups = [.. stages.Where(stage => !stage.IsFused && !stage.IsUnion).Select(Group)],
            Sinks = [.. definition.Sinks.Select(Sink)],
            Graph = [.. stages.Select(Node), .. definition.Sinks.Select(Node)],
            NotKept = [.. stages.Where(stage => !stage.IsMaterialized && stage.Union is null).Select(Result)],
        };
    }

    private StreamName Stream(PlannedStage stage) => new($"{definition.Name}.{stage.Name}");

    /// <summary>The stream that a stage's results are written to; null: they only feed fused stages.</summary>
    private StreamName? Written(PlannedStage stage) => stage.Union is { } union ? Stream(union)
        : stage.IsMaterialized ? Stream(stage)
        : null;

    private static StreamName Late(StreamName stream) => new($"{stream}.late");

    private List<DeclaredStream> Outputs()
    {
        var outputs = new List<DeclaredStream>();
        foreach (var stage in stages)
        {
            var at = stage.Definition.Position;
            if (stage.IsMaterialized)
            {
                outputs.Add(new DeclaredStream(Result(stage), at, stage.Definition.Partitions?.Position ?? at));
            }

            if (stage.IsWindowed)
            {
                outputs.Add(new DeclaredStream(Output(stage, Late(Stream(stage)), 1), at, at));
            }
        }

        if (Letters() is { } letters)
        {
            outputs.Add(new DeclaredStream(letters, definition.NamePosition, definition.NamePosition));
        }

        return outputs;
    }

    /// <summary>Where events go that a stage or sink refuses; null: none of them does.</summary>
    private StreamDefinition? Letters()
    {
        var name = PipelinePlan.DeadLetters(definition.Name);
        if (stages.Count > 0)
        {
            return Output(stages[0], name, 1);
        }

        return definition.Sinks.FirstOrDefault(static sink => sink.Target.Refuses) is not { } sink ? null : new()
        {
            Name = name,
            Pipeline = definition.Name,
            Stage = sink.Name,
            Partitions = 1,
            Idle = null,
        };
    }

    /// <summary>The stream of a stage's results.</summary>
    private StreamDefinition Result(PlannedStage stage) => Output(stage, Stream(stage), stage.Output.Partitions) with
    {
        Key = stage.Output.KeyPath,
        Retention = stage.IsInner ? TimeSpan.Zero : null,
    };

    private StreamDefinition Output(PlannedStage stage, StreamName name, int partitions) => new()
    {
        Name = name,
        Pipeline = definition.Name,
        Stage = stage.Name,
        Partitions = partitions,
        MaxEventBytes = stage.MaxEventBytes,
        Idle = null,
    };

    private GroupPlan Group(PlannedStage head)
    {
        var members = stages.Where(stage => stage.Head == head && !stage.IsUnion).ToList();
        var isIngest = head.FromStream is { IsIngest: true };
        return new GroupPlan
        {
            Name = head.Name,
            Input = head.FromStream?.Name ?? Stream(head.From!),
            IsIngest = isIngest,
            Timestamp = isIngest ? Timestamp(head) : null,
            MaxAhead = head.FromStream?.MaxAhead ?? StreamDefinition.DefaultMaxAhead,
            TimePath = isIngest ? head.FromStream!.Time : null,
            Idle = isIngest ? head.FromStream!.Idle : null,
            IsIdleStated = isIngest && head.FromStream!.IsIdleStated,
            Nodes = [.. members.Select(stage => NodePlan(stage, members))],
        };
    }

    private ITimestamp? Timestamp(PlannedStage head)
    {
        if (_times.TryGetValue(head, out var choice))
        {
            return choice.Timestamp;
        }

        return head.FromStream!.Time is { } path ? sources.TimeAt(head.FromStream.Name.Value, path) : null;
    }

    private NodePlan NodePlan(PlannedStage stage, List<PlannedStage> members)
    {
        var node = new StageNode
        {
            Name = stage.Name,
            Fingerprint = Fingerprint(stage),
            Parent = stage.IsFused ? members.IndexOf(stage.From!) : -1,
            CreateOperator = stage.Code ?? stage.Query!.CreateOperator,
            NeedsWatermark = stage.Query is { NeedsWatermark: true } || stage.Code is not null,
            Lateness = stage.IsWindowed || stage.IsJoin ? stage.Definition.Lateness.Ticks : 0,
            MaxOutputBytes = stage.MaxEventBytes,
            StopsOnError = stage.Definition.StopsOnError,
        };
        return new NodePlan(
            node,
            Written(stage),
            stage.IsExchange || stage.Definition.Key is not null || stage.Union is { Output.KeyPath: not null }
                or { IsJoinInput: true },
            stage.IsWindowed ? Late(Stream(stage)) : null)
        {
            InputKey = stage.Input.KeyPath,
            InputPartitions = stage.Input.Partitions,
        };
    }

    /// <summary>Hash of all that decides what an operator's state means.</summary>
    private static Hash128 Fingerprint(PlannedStage stage) => Hash128.Of(Encoding.UTF8.GetBytes(string.Join(
        '\n',
        stage.Kind,
        stage.FromName,
        (stage.Query as JoinSideQuery)?.Meaning ?? stage.Definition.Query?.Text.Trim() ?? stage.Definition.Code!.Value,
        stage.CodeVersion,
        stage.Definition.Key?.Value,
        stage.Output.KeyPath,
        stage.Definition.Lateness.Ticks) + (SpreadOtherwise(stage) is { } path ? $"\n{path}" : "")));

    /// <summary>
    /// By what a stage's groups lie in partitions where its own key does not say it: it groups by several fields, and
    /// its input is spread by another one of them.
    /// </summary>
    private static string? SpreadOtherwise(PlannedStage stage) => stage.Definition.Key?.Value is { } key
        && stage.Input is { Partitions: > 1, KeyPath: { } path }
        && !string.Equals(stage.Query?.SourceOf(key) ?? key, path, StringComparison.OrdinalIgnoreCase)
            ? path
            : null;

    /// <summary>A sink that has the name of the stage it reads is another instance than that.</summary>
    private static string NameOf(SinkDefinition sink) =>
        sink.From.Value == sink.Name ? $"{sink.Name}.sink" : sink.Name;

    private SinkPlan Sink(SinkDefinition sink) => new(
        NameOf(sink),
        sources.Stage(sink.From.Value) is { } stage ? Stream(stage) : new StreamName(sink.From.Value),
        sink.Target);

    private StageGraphNode Node(PlannedStage stage) => new(
        stage.Name,
        stage.Kind,
        stage.IsUnion ? stage.Branches[0].Name : stage.From?.Name ?? stage.FromName,
        stage.Head.Name,
        Written(stage)?.Value)
    {
        Further = [.. stage.Branches.Skip(1).Select(static branch => branch.Name)],
        IsInner = stage.IsInner,
    };

    private static StageGraphNode Node(SinkDefinition sink) =>
        new(NameOf(sink), sink.Target.Kind, sink.From.Value, NameOf(sink), null);
}
