using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// What streams of stage outputs will lack because their stage was fused and nobody read them. Such a stage's output
/// lies
/// in the partition that its group reads.
/// </summary>
internal sealed class OutputGaps(KeeperView view, IReadOnlyDictionary<InstanceId, long> cursors)
{
    /// <summary>Gaps that a stream shows at most; the oldest go.</summary>
    private const int Most = 1000;

    private readonly Dictionary<StreamName, IReadOnlyList<CatalogGap>> _byStream = [];

    /// <summary>The gaps of the streams whose gaps change.</summary>
    public IReadOnlyDictionary<StreamName, IReadOnlyList<CatalogGap>> ByStream => _byStream;

    /// <summary>Adds what a change of a pipeline brings; false where the end of a stream is not known now.</summary>
    public async Task<bool> AddAsync(DesiredPipeline before, DesiredPipeline after, CancellationToken cancellationToken)
    {
        var dropped = before.Plan!.NotMaterialized.ToHashSet();
        var missing = after.Plan!.NotMaterialized.ToHashSet();
        var seen = new HashSet<StreamName>();
        foreach (var group in before.Plan.Groups)
        {
            foreach (var node in group.Nodes)
            {
                // What several groups write has its gaps by the first of them.
                var name = node.Output ?? new StreamName($"{before.Name}.{node.Node.Name}");
                if (!seen.Add(name))
                {
                    continue;
                }

                if (dropped.Contains(name) && after.Plan.Outputs.Any(output => output.Stream.Name == name))
                {
                    End(before, group, name);
                }
                else if (!dropped.Contains(name) && missing.Contains(name)
                    && !await BeginAsync(before, group, name, cancellationToken))
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The stream is kept from now on.</summary>
    private void End(DesiredPipeline before, GroupPlan group, StreamName name)
    {
        var stream = view.Streams.GetValueOrDefault(name);
        var gaps = new List<CatalogGap>(stream?.Gaps ?? []);
        foreach (var (partition, cursor) in Cursors(before, group))
        {
            var open = gaps.FindIndex(gap => gap.Partition == partition && gap.InputTo is null);
            if (open >= 0)
            {
                gaps[open] = gaps[open] with { InputTo = cursor };
            }
            else if (cursor > 0 && stream is null)
            {
                gaps.Add(new CatalogGap(partition, 0, 0, cursor));
            }
        }

        _byStream[name] = [.. gaps.Where(static gap => gap.InputTo != gap.InputFrom).TakeLast(Most)];
    }

    /// <summary>The stream is not kept from now on.</summary>
    private async Task<bool> BeginAsync(
        DesiredPipeline before, GroupPlan group, StreamName name, CancellationToken cancellationToken)
    {
        if (!view.Streams.TryGetValue(name, out var stream))
        {
            return true;
        }

        var gaps = new List<CatalogGap>(stream.Gaps);
        foreach (var (partition, cursor) in Cursors(before, group))
        {
            // All of a stream with one partition, also where the group reads several.
            var target = stream.Partitions[Math.Min(partition, stream.Partitions.Count - 1)];
            if (await CutRun.EndAsync(target, cancellationToken) is not { } end)
            {
                return false;
            }

            gaps.Add(new CatalogGap(partition, end, cursor, null));
        }

        _byStream[name] = [.. gaps.TakeLast(Most)];
        return true;
    }

    private IEnumerable<(int Partition, long Cursor)> Cursors(DesiredPipeline before, GroupPlan stages) =>
        from spec in before.Instances
        where spec.Id.Stage == stages.Name && spec.Input == stages.Input && cursors.ContainsKey(spec.Id)
        select (spec.Id.Partition, cursors[spec.Id]);
}
