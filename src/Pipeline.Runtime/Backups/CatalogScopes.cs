using Pipeline.Backups.Taking;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Backups;

/// <summary>What belongs to a backup, as the catalog and the plans of its pipelines say.</summary>
internal sealed class CatalogScopes(Func<CatalogState, DesiredState> desired) : IBackupScopes
{
    public BlobName Catalog => CatalogRegister.Name;

    public BackupScope Read(ReadOnlySpan<byte> catalog)
    {
        var state = CatalogCodec.Read(catalog);
        var pipelines = desired(state).Pipelines;
        var logs = Order(state, pipelines).SelectMany(static stream => Enumerable
            .Range(0, stream.Definition.Partitions)
            .Select(partition => new BackupScopeLog(
                new LogId(stream.Id, partition), stream.Definition.Name, stream.Definition.IsRetentionHard)));
        var readers = pipelines.SelectMany(static pipeline => pipeline.Instances)
            .Where(spec => state.Stream(spec.Input)?.Id == spec.Id.InputStream)
            .Select(static spec => new BackupScopeReader(
                spec.Id.Register, new LogId(spec.Id.InputStream, spec.Id.Partition)));
        return new BackupScope(state.Id, [.. logs], [.. readers]);
    }

    /// <summary>All streams; one that is written from another stands before it.</summary>
    private static List<CatalogStream> Order(CatalogState state, IReadOnlyList<DesiredPipeline> pipelines)
    {
        var written = pipelines.Where(static pipeline => pipeline.Plan is not null)
            .SelectMany(static pipeline => Written(pipeline.Plan!))
            .ToLookup(static edge => edge.From, static edge => edge.To);
        var ordered = new List<CatalogStream>();
        var seen = new HashSet<StreamName>();
        foreach (var stream in state.Streams)
        {
            Visit(stream.Definition.Name);
        }

        return ordered;

        void Visit(StreamName name)
        {
            if (!seen.Add(name))
            {
                return;
            }

            foreach (var next in written[name])
            {
                Visit(next);
            }

            if (state.Stream(name) is { } stream)
            {
                ordered.Add(stream);
            }
        }
    }

    private static IEnumerable<(StreamName From, StreamName To)> Written(PipelinePlan plan)
    {
        foreach (var group in plan.Groups)
        {
            foreach (var node in group.Nodes)
            {
                foreach (var output in new[] { node.Output, node.Late })
                {
                    if (output is { } name)
                    {
                        yield return (group.Input, name);
                    }
                }
            }
        }

        foreach (var input in plan.Inputs)
        {
            yield return (input, PipelinePlan.DeadLetters(plan.Name));
        }
    }
}
