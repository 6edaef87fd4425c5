using System.Text;
using Pipeline.Definitions.Planning;
using Pipeline.Ingestion;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Quorums;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Trials;

/// <summary>
/// A pipeline in this process without a service, by a clock that is moved by hand: its events go the way of every
/// request into partitions in memory, and the plan's instances read those with the machines, operators and rules of
/// event time that a host runs them with. What is left out is what makes it last: logs, stores, checkpoints. For one
/// thread.
/// </summary>
public sealed class Trial
{
    private const int ExactLooks = 120;

    /// <summary>Whoever looks always does: nothing is skipped as a time in which the process did not run.</summary>
    private static readonly TimeSpan Attentive = TimeSpan.FromDays(10_000);

    private readonly TrialLoop _loop;
    private readonly KeeperView _view;
    private readonly List<TrialStage> _stages = [];
    private readonly Ingestor _ingestor = new(new Random(0));
    private readonly IdlePartitions _idle;
    private readonly QuietStreams _quiet;
    private readonly SilentInputs _silent;

    private Trial(PipelinePlan plan, long begun)
    {
        _loop = new TrialLoop(begun);
        var host = Host(_loop);
        var state = Catalog(plan);
        var streams = state.Streams.Select(stream => new CatalogedStream(stream, host.Partitions))
            .ToDictionary(static stream => stream.Name);
        var desired = DesiredState.Of(state, (_, _) => new PlanningOutcome(plan, [])).Pipelines[0];
        var inputs = plan.Groups.Select(static group => group.Input).ToHashSet();
        var running = desired.Instances.Where(static spec => spec.Group is not null)
            .Select(spec => Make(desired, spec, streams, host.Settings, inputs)).ToList();
        _view = KeeperView.Of(state, streams.Values, [new RunningPipeline(desired, running)]);
        (_idle, _quiet, _silent) = (new(host, Attentive), new(host, Attentive), new(host, Attentive));
    }

    /// <summary>What the clock shows, ticks UTC.</summary>
    public long Now => _loop.Now;

    /// <summary>Why stages stopped: nothing more comes out of those.</summary>
    public IEnumerable<string> Failures => _stages.Select(static stage => stage.Failure).OfType<string>().Distinct();

    /// <summary>Begins at a time, in ticks UTC.</summary>
    public static async ValueTask<Trial> BeginAsync(PipelinePlan plan, long at)
    {
        var trial = new Trial(plan, at);
        await trial.LookAsync();
        return trial;
    }

    /// <summary>A request of one JSON value a line, now; what came out is there when it is answered.</summary>
    public async ValueTask<IngestOutcome> PostAsync(StreamName stream, string? key, ReadOnlyMemory<byte> lines)
    {
        var outcome = await _ingestor.IngestAsync(new IngestRequest
        {
            Target = StreamTargets.Of(_view.Streams[stream]),
            Format = BodyFormat.Ndjson,
            Key = key is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(key),
            Body = lines,
        });
        await LookAsync();
        return outcome;
    }

    /// <summary>No event before a time comes any more in a stream.</summary>
    public async ValueTask SayAsync(StreamName stream, long watermark)
    {
        await WatermarkAppend.RunAsync(_view.Streams[stream].Partitions, watermark);
        await LookAsync();
    }

    /// <summary>
    /// Lets time go by, as while nobody posts anything: what rests for its <c>idle</c> goes on. Seconds are looked at
    /// one by one at first, then ever fewer of them.
    /// </summary>
    public async ValueTask AdvanceAsync(long to)
    {
        var begun = Now;
        for (var looks = 0; Now < to; looks++)
        {
            var step = looks < ExactLooks ? TimeSpan.TicksPerSecond : (Now - begun) / 16;
            _loop.MoveTo(Math.Min(to, Now + step));
            await LookAsync();
        }
    }

    /// <summary>What is in a stream, in the order in which it came.</summary>
    public IReadOnlyList<TrialRow> Read(StreamName stream)
    {
        var rows = new List<TrialRow>();
        var blocks = _view.Streams[stream].Partitions.Cast<TrialPartition>().SelectMany(static one => one.Blocks);
        foreach (var (_, block) in blocks.OrderBy(static numbered => numbered.Number))
        {
            Add(rows, block.Payload.Span);
        }

        return rows;
    }

    private static void Add(List<TrialRow> rows, ReadOnlySpan<byte> parts)
    {
        for (; PartCodec.TryRead(parts, out var part, out var size); parts = parts[size..])
        {
            var body = part.Body;
            for (var i = 0; i < part.Header.Count && RecordCodec.TryRead(body, out var record, out var length); i++)
            {
                rows.Add(new TrialRow(record.Value.ToArray()));
                body = body[length..];
            }
        }
    }

    /// <summary>
    /// How far event time has come where a stream is written, ticks UTC; null: a partition that it waits for has none.
    /// </summary>
    public long? WatermarkOf(StreamName output)
    {
        var writers = _view.Instances
            .Where(running => running.Group!.Nodes.Any(node => node.Output == output))
            .Select(static running => running.Instance.Status.Watermark).ToList();
        return writers.Contains(null) ? null : writers.Min();
    }

    private static PipelineHost Host(TrialLoop loop) => new()
    {
        Loop = loop,
        NewLoop = _ => loop,
        Registers = new TrialRegisters(),
        Stores = new FixedStores([], 0),
        Partitions = new TrialPartitions(loop),
        Draw = new Random(0),
        Settings = new PipelineSettings { DataDirectory = "." },
    };

    private static CatalogState Catalog(PipelinePlan plan)
    {
        var entry = new CatalogPipeline
        {
            Name = plan.Name,
            Incarnation = 1,
            Generation = 1,
            Term = 1,
            Layout = 1,
            Text = "",
            MediaType = "application/yaml",
        };
        var born = CatalogRules.Missing(CatalogState.Empty, plan)
            .Select(static (stream, index) => new CatalogStream(index + 1, stream)).ToList();
        return CatalogRules.With(CatalogState.Empty, entry, plan, born);
    }

    private RunningInstance Make(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        Dictionary<StreamName, CatalogedStream> streams,
        PipelineSettings settings,
        HashSet<StreamName> inputs)
    {
        var (layout, targets) = InstanceLayout.Of(pipeline, spec, streams, settings);
        var input = (TrialPartition)streams[spec.Input].Partitions[spec.Id.Partition];
        var stage = new TrialStage(
            _loop,
            layout,
            input,
            [.. targets.Select(static target => target.Partitions.Cast<TrialPartition>().ToList())],
            target => inputs.Contains(targets[target].Name));
        _stages.Add(stage);
        return new RunningInstance(spec, stage, input);
    }

    /// <summary>What the keeper of a host sees to each second, with all that follows from it.</summary>
    private async ValueTask LookAsync()
    {
        Work();
        await _idle.LookAsync(_view, CancellationToken.None);
        await _quiet.LookAsync(_view, CancellationToken.None);
        _silent.Look(_view);
        Work();
    }

    private void Work()
    {
        for (var isWorking = true; isWorking;)
        {
            isWorking = false;
            foreach (var stage in _stages)
            {
                isWorking |= stage.Work();
            }
        }
    }
}
