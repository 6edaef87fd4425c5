using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Pipelines;
using Pipeline.Runtime.Registers;

namespace Pipeline.Runtime.Engine;

/// <summary>
/// The composition every host shares: stores, then catalog, then partitions, then pipelines, then scrub. May be used
/// from any thread; what it does itself runs on its root loop.
/// </summary>
public sealed class PipelineEngine : IAsyncDisposable
{
    private readonly TaskCompletionSource<EngineState> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineHealth _health;

    public PipelineEngine(EngineHost host, EngineOptions options)
    {
        (Host, Options) = (host, options);
        Root = host.NewLoop("root");
        var stores = host.Slots.Select(static slot => new StoreHealth(slot.Name, null, false, "not opened yet"));
        _health = new EngineHealth(EngineState.Created, false, [.. stores], 0, 0, "not started");
    }

    public EngineHost Host { get; }

    public EngineOptions Options { get; }

    /// <summary>The registers on the stores; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IRegisters Registers =>
        Opened?.Registers ?? throw new InvalidOperationException("The engine has not started.");

    /// <summary>The streams; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IStreams Streams => Opened?.Streams ?? throw new InvalidOperationException("The engine has not started.");

    /// <summary>The pipelines; from the moment <see cref="StartAsync"/> answered Running.</summary>
    public IPipelines Pipelines =>
        Opened?.Pipelines ?? throw new InvalidOperationException("The engine has not started.");

    /// <summary>Completes with Stopped, Fenced or Refused, when the engine has ended.</summary>
    public Task<EngineState> Ended => _ended.Task;

    public EngineHealth Health => Volatile.Read(ref _health);

    internal ILoop Root { get; }

    internal OpenedEngine? Opened { get; private set; }

    /// <summary>
    /// Opens what there is, formats blank stores, takes over all partitions and starts the pipelines. Goes on trying
    /// while a majority of stores is missing; ends as Running, or as Refused, Fenced or Stopped.
    /// </summary>
    public ValueTask<EngineState> StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        End(EngineState.Refused, "stores, partitions and pipelines are not composed yet");
        return ValueTask.FromResult(EngineState.Refused);
    }

    /// <summary>Refuses what is new, lets what runs end, writes checkpoints, and ends.</summary>
    public ValueTask StopAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        End(EngineState.Stopped, null);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    private void End(EngineState state, string? detail)
    {
        _health = _health with { State = state, IsAccepting = false, Detail = detail };
        _ended.TrySetResult(state);
    }
}
