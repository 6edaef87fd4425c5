using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Stores;

namespace Pipeline.Runtime.Engine;

/// <summary>What an engine is made of, opened and closed in order. Lives on the root loop.</summary>
internal sealed class EngineRun(
    EngineHost host, EngineOptions options, ILoop root, Action<EngineState, string?> end, Action<string?> note)
    : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly StoreSet _stores = new(host.Slots, root, new Random(host.Draw.Next()));

    private bool _isDisposed;

    public OpenedEngine? Opened { get; private set; }

    /// <summary>True: all is open. False: it ended, and said so.</summary>
    public async Task<bool> OpenAsync()
    {
        if (!await OpenStoresAsync())
        {
            return false;
        }

        _stores.Watch();
        end(EngineState.Refused, "partitions and pipelines are not composed yet");
        return false;
    }

    public async Task CloseAsync(bool withCheckpoints)
    {
        if (_isDisposed)
        {
            return;
        }

        _stopping.Cancel();
        if (Opened is not null && withCheckpoints)
        {
            await root.PauseAsync(TimeSpan.Zero, CancellationToken.None);
        }

        Dispose();
    }

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _stopping.Dispose();
        _stores.Dispose();
    }

    public EngineHealth Describe(EngineState state, string? detail)
    {
        var stores = _stores.Status.Select(static status => new StoreHealth(
            status.Slot,
            status.Phase == StorePhase.Unknown ? null : status.Id,
            status.Phase == StorePhase.Up,
            status.Detail)).ToArray();
        var partitions = Opened?.Streams.List().SelectMany(static stream => stream.Partitions).ToArray() ?? [];
        var serving = partitions.Count(static partition => partition.Status.IsServing);
        var isAccepting = state == EngineState.Running && serving == partitions.Length;
        var reason = isAccepting ? null : detail ?? Missing(partitions);
        return new EngineHealth(state, isAccepting, stores, serving, partitions.Length, reason);
    }

    private static string Missing(IPartition[] partitions) => "not serving: " + string.Join(
        ", ", partitions.Where(static partition => !partition.Status.IsServing).Take(5).Select(static p => p.Id));

    private async Task<bool> OpenStoresAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            var outcome = await _stores.OpenAsync(CancellationToken.None);
            switch (outcome.Result)
            {
                case StoreSetResult.Opened:
                    return true;
                case StoreSetResult.Refused:
                    end(EngineState.Refused, outcome.Detail);
                    return false;
                default:
                    note(outcome.Detail);
                    await root.PauseAsync(options.RetryDelay, _stopping.Token);
                    break;
            }
        }

        return false;
    }
}
