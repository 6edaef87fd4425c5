using System.Text.Json;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Partitions;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Clients;

/// <summary>
/// What a front was told of its cluster. Answers come in any order: the catalog's version, and for all else the turn in
/// which it was asked, say which is the later one. From any thread.
/// </summary>
internal sealed class HeldView(GrainCluster cluster, TimeProvider time)
{
    /// <summary>What is older says nothing of what runs now.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>A keeper that moves is away for less; events may be taken meanwhile.</summary>
    private static readonly TimeSpan KeeperPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly OpeningPartitions _opening = new(time);
    private readonly HealthChecks _checks = new(time);
    private long _turns;
    private long _pipelinesTurn;
    private long _stateTurn;
    private volatile GrainStreams? _streams;
    private volatile CatalogState? _catalog;
    private volatile ClusterState? _state;
    private volatile IReadOnlyList<PipelineStatus> _pipelines = [];
    private long _version = -1;
    private Guid _stateNumber;
    private long _answered;

    /// <summary>Null: no keeper has answered yet.</summary>
    public IStreams? Streams => _streams;

    /// <summary>Null: no keeper has answered yet.</summary>
    public CatalogState? Catalog => _catalog;

    /// <summary>As they were said to be last; where that is long ago, nobody is known to run them.</summary>
    public IReadOnlyList<PipelineStatus> Pipelines =>
        Age is var age && age > Fresh ? [.. _pipelines.Select(status => Unknown(status, age))] : _pipelines;

    /// <summary>How long ago the keeper answered last.</summary>
    private TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _answered));

    public long Version => Volatile.Read(ref _version);

    public Guid StateNumber
    {
        get
        {
            lock (_gate)
            {
                return _stateNumber;
            }
        }
    }

    /// <summary>Of a question that is about to be asked.</summary>
    public long NextTurn() => Interlocked.Increment(ref _turns);

    public void Take(CatalogNews news)
    {
        lock (_gate)
        {
            if (news.Catalog is { } catalog && (_streams is null || news.Version > _version))
            {
                var state = CatalogCodec.Read(catalog);
                var streams = new GrainStreams(state, news.NotMaterialized, cluster);
                if (_streams is null)
                {
                    _opening.Expect(Ids(streams));
                }

                (_catalog, _streams) = (state, streams);
                Volatile.Write(ref _version, news.Version);
                TakePartitions(_state);
            }
        }
    }

    /// <summary>The statuses of all pipelines, or (<paramref name="name"/>) of one, or that it is not there.</summary>
    public void Take(long turn, string? name, IReadOnlyList<PipelineStatus> statuses)
    {
        lock (_gate)
        {
            if (turn >= _pipelinesTurn)
            {
                _pipelinesTurn = turn;
                _pipelines = name is null ? statuses : [.. _pipelines.Where(other => other.Name != name)
                    .Concat(statuses).OrderBy(static status => status.Name, StringComparer.Ordinal)];
            }
        }
    }

    public void Take(long turn, StateNews news)
    {
        lock (_gate)
        {
            if (turn < _stateTurn)
            {
                return;
            }

            _stateTurn = turn;
            Volatile.Write(ref _answered, time.GetTimestamp());
            if (news.State is { } json)
            {
                _state = JsonSerializer.Deserialize<ClusterState>(json)!;
                _stateNumber = news.Number;
            }

            if (news.Number == _stateNumber && _state is { } state)
            {
                TakePartitions(state);
                Take(turn, null, state.Pipelines);
            }
        }
    }

    public EngineHealth Describe(EngineState engine)
    {
        var state = _state;
        var serving = state is null ? [] : Serving(state);
        var streams = _streams;
        (PartitionId Id, bool IsServing)[] seen =
            [.. (streams is null ? [] : Ids(streams)).Select(id => (id, serving.Contains($"{id}")))];
        var missing = _opening.Missing(streams is null ? null : seen);
        var age = Age;
        var isKept = state is not null && age <= KeeperPatience;
        var isAccepting = engine == EngineState.Running && isKept && missing.Count == 0;
        StoreHealth[] stores = [.. state?.Stores.Select(static store => new StoreHealth(
            store.Slot, StoreId.TryParse(store.Id, out var id) ? id : null, store.IsVoting, store.Detail)) ?? []];
        var health = new EngineHealth(
            engine,
            isAccepting,
            stores,
            seen.Count(static part => part.IsServing),
            seen.Length,
            isAccepting ? null
                : state is null ? "the cluster does not answer yet"
                : !isKept ? Silent(age)
                : $"not serving: {string.Join(", ", missing.Take(5))}");
        var copies = MissingCopies.Describe(
            stores,
            state?.Partitions.Select(static kept => (
                new PartitionId(new StreamName(kept.Stream), kept.Partition), kept.ToStatus())) ?? []);
        return health with { Checks = _checks.Of(health, missing.Count, copies, []) };
    }

    private static IEnumerable<PartitionId> Ids(GrainStreams streams) =>
        streams.List().SelectMany(static stream => stream.Partitions).Select(static partition => partition.Id);

    private static PipelineStatus Unknown(PipelineStatus status, TimeSpan age) => status with
    {
        Instances = [.. status.Instances.Select(instance =>
            instance.State is StageInstanceState.Paused or StageInstanceState.Failed
                ? instance
                : instance with { State = StageInstanceState.Unowned, Error = Silent(age) })],
    };

    private static string Silent(TimeSpan age) => $"the cluster's keeper has not answered for {age.TotalSeconds:0} s";

    /// <summary>Those of which the keeper says so; of what is so new that it has not said anything: not.</summary>
    private static HashSet<string> Serving(ClusterState state) =>
        [.. state.Partitions.Select(static kept => $"{kept.Stream}/{kept.Partition}").Except(state.NotServing)];

    private void TakePartitions(ClusterState? state)
    {
        foreach (var kept in state?.Partitions ?? [])
        {
            if (_streams is { } streams && streams.TryGet(new StreamName(kept.Stream), out var stream)
                && kept.Partition < stream.Partitions.Count)
            {
                ((GrainPartition)stream.Partitions[kept.Partition]).Take(kept.ToStatus());
            }
        }
    }
}
