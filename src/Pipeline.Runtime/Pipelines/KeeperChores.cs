namespace Pipeline.Runtime.Pipelines;

/// <summary>What must be seen to from time to time: idle partitions, and events that are kept long enough.</summary>
internal sealed class KeeperChores(PipelineHost host, Func<KeeperView> view) : IDisposable
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();

    public bool Start()
    {
        var idle = new IdlePartitions(host);
        var retention = new Retention(host);
        _ = RepeatAsync(IdleInterval, () => idle.LookAsync(view(), _end.Token));
        _ = RepeatAsync(host.Settings.TrimInterval, () => retention.TrimAsync(view(), _end.Token));
        return true;
    }

    public void Stop() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    private async Task RepeatAsync(TimeSpan interval, Func<Task> chore)
    {
        try
        {
            while (true)
            {
                await Task.Delay(interval, host.Loop.Time, _end.Token);
                await chore();
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
