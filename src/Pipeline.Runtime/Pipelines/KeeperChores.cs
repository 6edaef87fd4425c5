using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Pipelines;

/// <summary>What must be seen to from time to time: idle partitions, and events that are kept long enough.</summary>
internal sealed class KeeperChores(PipelineHost host, Func<KeeperView> view) : IDisposable
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private List<StoreId> _members = [.. host.Stores.Members.Select(member => member.Id)];

    public bool Start()
    {
        var idle = new IdlePartitions(host);
        var retention = new Retention(host, view);
        _ = RepeatAsync(IdleInterval, () => idle.LookAsync(view(), _end.Token));
        _ = RepeatAsync(host.Settings.TrimInterval, () => retention.TrimAsync(_end.Token));
        _ = RepeatAsync(host.Settings.TrimInterval, RenewAsync);
        return true;
    }

    public void Stop() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    private static async Task TryAsync(Func<Task> chore)
    {
        try
        {
            await chore();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or TimeoutException)
        {
            // A partition or a store did not answer as it should; the next round tries again.
        }
    }

    /// <summary>New stores have none of the blobs that checkpoints name: write them again.</summary>
    private Task RenewAsync()
    {
        var members = host.Stores.Members.Select(member => member.Id).ToList();
        if (!_members.SequenceEqual(members))
        {
            _members = members;
            foreach (var running in view().Pipelines.Values.SelectMany(pipeline => pipeline.Instances))
            {
                running.Stage?.Renew();
            }
        }

        return Task.CompletedTask;
    }

    private async Task RepeatAsync(TimeSpan interval, Func<Task> chore)
    {
        try
        {
            while (true)
            {
                await Task.Delay(interval, host.Loop.Time, _end.Token);
                await TryAsync(chore);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
