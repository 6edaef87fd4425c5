using System.Text;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>A drawn definition, and how it is to be carried out, by the rules of docs/pipelines.md.</summary>
public sealed record DrawnPipeline
{
    public required string Name { get; init; }

    public IReadOnlyList<DrawnStage> Stages { get; init; } = [];

    public IReadOnlyList<DrawnSink> Sinks { get; init; } = [];

    public DrawnStage? Stage(string name) => Stages.FirstOrDefault(stage => stage.Name == name);

    public string StreamOf(DrawnStage stage) => $"{Name}.{stage.Name}";

    public IEnumerable<DrawnStage> Children(DrawnStage stage) => Stages.Where(child => child.From == stage.Name);

    /// <summary>It runs in the instance of the stage it reads.</summary>
    public bool IsFused(DrawnStage stage) => stage.ReadsStage && Stage(stage.From)!.IsAligned;

    /// <summary>Its output is kept as a stream whoever else reads it.</summary>
    public bool Keeps(DrawnStage stage) => stage.IsMaterialized
        || !Children(stage).Any() || Children(stage).Any(child => !IsFused(child))
        || Sinks.Any(sink => sink.From == stage.Name);

    /// <summary>A stage reads this stream of another pipeline.</summary>
    public bool Reads(string stream) => Stages.Any(stage => stage.From == stream);

    public DrawnPipeline With(DrawnStage stage) => this with
    {
        Stages = [.. Stages.Select(other => other.Name == stage.Name ? stage : other)],
    };

    public DrawnPipeline Plus(DrawnStage stage) => this with { Stages = [.. Stages, stage] };

    /// <summary>Without a stage, what reads it, and their sinks.</summary>
    public DrawnPipeline Without(DrawnStage stage)
    {
        var rest = Stages.Where(other => other.Name != stage.Name && other.From != stage.Name).ToList();
        return this with
        {
            Stages = rest,
            Sinks = [.. Sinks.Where(sink => rest.Exists(left => left.Name == sink.From))],
        };
    }

    /// <summary>With all outputs kept.</summary>
    public DrawnPipeline Kept() => this with
    {
        Stages = [.. Stages.Select(static stage => stage with { IsMaterialized = true })],
    };

    public string Text()
    {
        var text = new StringBuilder($"name: {Name}\n");
        text.Append(Stages.Count > 0 ? "stages:\n" : "");
        foreach (var stage in Stages)
        {
            text.Append($"  {stage.Name}:\n");
            text.Append(stage.Key is null ? "" : $"    key: {stage.Key}\n");
            text.Append(stage.Partitions == stage.FromPartitions ? "" : $"    partitions: {stage.Partitions}\n");
            text.Append(stage.IsMaterialized ? "    materialize: true\n" : "");
            text.Append($"    query: {(stage.IsWindow ? Window(stage) : Filter(stage))}\n");
        }

        text.Append(Sinks.Count > 0 ? "sinks:\n" : "");
        foreach (var sink in Sinks)
        {
            text.Append($"  {sink.Name}: {{ from: {sink.From}, ");
            text.Append($"files: {{ path: {sink.Path}, roll: {{ size: 1KiB, every: 2s }} }} }}\n");
        }

        return text.ToString();
    }

    private static string Filter(DrawnStage stage) =>
        $"SELECT k, c, n, v, ts, {(stage.From == DrawnStage.Events ? "" : $"g * {DrawnStage.Marks} + ")}{stage.Mark} "
        + $"AS g FROM [{stage.From}] WHERE v >= {stage.Threshold}";

    private static string Window(DrawnStage stage) =>
        "SELECT c, COUNT(*) AS n, SUM(v) AS total, System.Timestamp() AS windowEnd "
        + $"FROM [{stage.From}] TIMESTAMP BY ts GROUP BY c, TumblingWindow(second, {WorldDefinition.WindowSeconds})";
}
