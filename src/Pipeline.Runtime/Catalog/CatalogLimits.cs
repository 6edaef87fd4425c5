using Pipeline.Definitions;
using Pipeline.Definitions.Planning;

namespace Pipeline.Runtime.Catalog;

/// <summary>
/// How much the catalog may hold, in sum over all pipelines: it is one value on the stores, written whole with every
/// change and read whole at every start, and each partition costs memory and time at the start.
/// </summary>
public sealed record CatalogLimits
{
    /// <summary>Settings under <c>Pipeline:Definitions</c>.</summary>
    public const string Section = "Pipeline:Definitions";

    public int Pipelines { get; init; } = 1_000;

    /// <summary>Partitions of all streams, those that stages write among them.</summary>
    public int Partitions { get; init; } = 2_048;

    /// <summary>Characters of all texts in force.</summary>
    public long Bytes { get; init; } = 4 << 20;

    /// <summary>
    /// Reads <c>Pipeline:Definitions:{Pipelines,Partitions,Size}</c>; what is wrong goes to <paramref name="errors"/>.
    /// </summary>
    public static CatalogLimits Read(Func<string, string?> setting, ICollection<string> errors)
    {
        var limits = new CatalogLimits();
        return new CatalogLimits
        {
            Pipelines = Count("Pipelines", limits.Pipelines),
            Partitions = Count("Partitions", limits.Partitions),
            Bytes = Size("Size", limits.Bytes),
        };

        int Count(string name, int otherwise)
        {
            if (setting($"{Section}:{name}") is not { } text)
            {
                return otherwise;
            }

            if (int.TryParse(text, out var count) && count > 0)
            {
                return count;
            }

            errors.Add($"{Section}:{name} must be a whole number from 1, not '{text}'.");
            return otherwise;
        }

        long Size(string name, long otherwise)
        {
            if (setting($"{Section}:{name}") is not { } text)
            {
                return otherwise;
            }

            if (Quantity.TrySize(text, out var bytes) && bytes is > 0 and <= int.MaxValue)
            {
                return bytes;
            }

            errors.Add($"{Section}:{name} must be a size such as 4MiB, at most 2GiB, not '{text}'.");
            return otherwise;
        }
    }

    /// <summary>The limits that a definition would pass, each with the setting that raises it.</summary>
    public IReadOnlyList<DefinitionError> Exceeded(CatalogState state, PipelinePlan plan, string text)
    {
        var errors = new List<DefinitionError>();
        var others = state.Pipelines.Where(pipeline => pipeline.Name != plan.Name).ToList();
        var isNew = others.Count == state.Pipelines.Count;
        if (isNew && others.Count >= Pipelines)
        {
            Add("Pipelines", $"there are {others.Count} pipelines; at most {Pipelines} are possible");
        }

        var own = plan.Declared.Concat(plan.Outputs).Select(declared => declared.Stream).ToList();
        var names = own.Select(stream => stream.Name).ToHashSet();
        var added = own.Where(stream => state.Stream(stream.Name) is null).Sum(stream => (long)stream.Partitions);
        var sum = state.Streams.Select(stream => stream.Definition)
            .Sum(stream => names.Contains(stream.Name) ? 0L : stream.Partitions) + own.Sum(s => (long)s.Partitions);
        if (added > 0 && sum > Partitions)
        {
            Add("Partitions", $"with it all streams together have {sum} partitions, of which {added} are new; at most "
                + $"{Partitions} are possible. Give its streams and stages fewer, or delete streams");
        }

        var before = state.Pipeline(plan.Name)?.Text.Length ?? 0;
        var bytes = others.Sum(pipeline => (long)pipeline.Text.Length) + text.Length;
        if (text.Length > before && bytes > Bytes)
        {
            Add("Size", $"with it all definitions together have {bytes} characters; at most {Bytes} are possible");
        }

        return errors;

        void Add(string setting, string reason) => errors.Add(new DefinitionError(
            1, 1, $"Pipeline '{plan.Name}': {reason}. The setting {Section}:{setting} raises the limit."));
    }
}
