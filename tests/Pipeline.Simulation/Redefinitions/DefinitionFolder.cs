using Pipeline.Runtime.Pipelines;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>The pipelines/ folder of a world: each process applies its files when it starts.</summary>
public sealed class DefinitionFolder(World world, string first)
{
    /// <summary>The file every world has.</summary>
    public const string Own = "world.yaml";

    private readonly SortedDictionary<string, (string Text, DrawnPipeline? Drawn)> _files =
        new(StringComparer.Ordinal) { [Own] = (first, null) };

    private readonly Dictionary<DrawnPipeline, Knowledge> _known = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<string> Names => [.. _files.Keys];

    /// <summary>What came of a definition that was put into a file.</summary>
    public Knowledge KnowledgeOf(DrawnPipeline drawn) => _known.GetValueOrDefault(drawn);

    /// <summary>A file has new contents; whoever starts next applies it.</summary>
    public void Put(DrawnPipeline drawn) => _files[$"{drawn.Name}.yaml"] = (drawn.Text(), drawn);

    public void Remove(string pipeline) => _files.Remove($"{pipeline}.yaml");

    /// <summary>One attempt to apply one file; null: it is gone.</summary>
    public async Task<ApplyOutcome?> ApplyAsync(EngineProcess process, string name)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            return null;
        }

        var change = file.Drawn is { } drawn
            ? world.Changes.Begin(drawn.Name, drawn, world.Queue.Now)
            : null;
        var end = change is null ? null : ChangeLedger.Attempt(change, process);
        var outcome = await process.Engine.Pipelines.ApplyAsync(
            new ApplyRequest { Text = file.Text, FileName = name, ResetAll = true }, CancellationToken.None);
        end?.Invoke();
        if (change is not null)
        {
            Note(change, outcome);
        }

        return outcome;
    }

    private void Note(Change change, ApplyOutcome outcome)
    {
        var answer = $"file {outcome.Status} {outcome.Detail} {string.Join("; ", outcome.Errors)}";
        var isRefused = outcome.Status is not (ApplyStatus.Applied or ApplyStatus.Unavailable
            or ApplyStatus.OutcomeUnknown);
        change.Note(
            outcome.Status == ApplyStatus.Applied ? Knowledge.Acknowledged
                : isRefused ? Knowledge.Refused : Knowledge.Unknown,
            world.Queue.Now,
            answer);
        if (outcome.Status == ApplyStatus.Unchanged)
        {
            foreach (var earlier in world.Changes.Of(change.Pipeline))
            {
                if (ReferenceEquals(earlier.Definition, change.Definition))
                {
                    earlier.Note(Knowledge.Acknowledged, world.Queue.Now, answer);
                }
            }
        }

        if (outcome.Status is ApplyStatus.Applied or ApplyStatus.Unchanged)
        {
            _known[change.Definition!] = Knowledge.Acknowledged;
        }
        else if (isRefused)
        {
            _known.TryAdd(change.Definition!, Knowledge.Refused);
        }
    }
}
