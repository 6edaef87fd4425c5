using Pipeline.Backups.Service;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Records;
using Pipeline.Replication.Registers;
using Pipeline.Replication.Scrubbing;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Runtime.Engine;

/// <summary>
/// The composition every host shares: stores, then catalog, then partitions, then pipelines, then scrub. May be used
/// from any thread; what it does itself runs on its root loop.
/// </summary>
public sealed class PipelineEngine : IEngine, IAsyncDisposable
{
    private readonly ILoop _root;
    private readonly EngineRun _run;
    private readonly Lazy<RecordStore> _records;
    private readonly TaskCompletionSource<EngineState> _started = New();
    private readonly TaskCompletionSource<EngineState> _ended = New();
    private volatile EngineState _state = EngineState.Created;
    private volatile string? _detail = "not started";

    public PipelineEngine(EngineHost host, EngineOptions options)
    {
        (Host, Options) = (host, options);
        _root = host.NewLoop("root");
        _run = new EngineRun(host, options, _root, End, Note);
        _records = new Lazy<RecordStore>(() => new RecordStore(Registers, new Random(host.Draw.Next())));
    }

    public EngineHost Host { get; }

    public EngineOptions Options { get; }

    /// <summary>The registers on the stores; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IRegisters Registers => Opened.Registers;

    /// <summary>The streams; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IStreams Streams => Opened.Streams;

    /// <summary>The pipelines; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IPipelines Pipelines => Opened.Pipelines;

    /// <summary>The backups; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IBackups Backups => Opened.Backups;

    /// <summary>Values of the host's own; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IRecords Records => _records.Value;

    /// <summary>Completes with Stopped, Fenced or Refused, when the engine has ended.</summary>
    public Task<EngineState> Ended => _ended.Task;

    /// <summary>What the last whole round of looking for damage found; null before its end.</summary>
    public VerifyReport? LastScrub => _run.LastScrub;

    /// <summary>What it is doing; cheap, for every request.</summary>
    public EngineState State => _state;

    public EngineHealth Health => _run.Describe(_state, _detail);

    /// <summary>Everything is in this process: snapshots are as they are.</summary>
    public ValueTask RefreshAsync(EngineQuestion about, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private OpenedEngine Opened =>
        _run.Opened ?? throw new InvalidOperationException("The engine has not started.");

    /// <summary>
    /// Opens what there is, formats blank stores, takes over all partitions and starts the pipelines. Goes on trying
    /// while a majority of stores is missing; ends as Running, or as Refused, Fenced or Stopped.
    /// </summary>
    public async ValueTask<EngineState> StartAsync(CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.UnsafeRegister(
            static (engine, token) => ((PipelineEngine)engine!)._started.TrySetCanceled(token), this);
        _root.Post(static engine => ((PipelineEngine)engine!).Begin(), this);
        return await _started.Task;
    }

    /// <summary>Refuses what is new, lets what runs end, writes checkpoints, and ends.</summary>
    public async ValueTask StopAsync(CancellationToken cancellationToken)
    {
        _root.Post(static engine => ((PipelineEngine)engine!).Finish(), this);
        using var cancelled = cancellationToken.UnsafeRegister(
            static engine => ((PipelineEngine)engine!).End(EngineState.Stopped, "stopped without waiting"), this);
        await _ended.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _run.Dispose();
    }

    private static TaskCompletionSource<EngineState> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Begin()
    {
        if (_state == EngineState.Created)
        {
            _state = EngineState.Starting;
            _root.Run("start", OpenAsync, fault => End(EngineState.Refused, $"it cannot start: {fault.Message}"));
        }
    }

    private async Task OpenAsync()
    {
        if (await _run.OpenAsync() && _state == EngineState.Starting)
        {
            (_state, _detail) = (EngineState.Running, null);
            _started.TrySetResult(EngineState.Running);
        }
    }

    /// <summary>However closing ends, it has stopped: what is not closed well is recovered at the next start.</summary>
    private void Finish()
    {
        if (!_ended.Task.IsCompleted)
        {
            _state = EngineState.Stopped;
            _root.Run("stop", StopAsync, _ => End(EngineState.Stopped, "stopped"));
        }
    }

    private async Task StopAsync()
    {
        await _run.CloseAsync(isGraceful: true);
        End(EngineState.Stopped, "stopped");
    }

    private void Note(string? detail) => _detail = detail;

    /// <summary>The first end counts.</summary>
    private void End(EngineState state, string? detail)
    {
        if (!_ended.TrySetResult(state))
        {
            return;
        }

        (_state, _detail) = (state, detail);
        _started.TrySetResult(state);
        _root.Post(static engine => ((PipelineEngine)engine!).Close(), this);
    }

    private void Close() => _root.Run("stop", () => _run.CloseAsync(isGraceful: false));
}
