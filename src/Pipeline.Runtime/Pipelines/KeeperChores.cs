using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// What must be seen to from time to time: idle partitions, and events that are kept long enough. Each goes on by
/// itself: one that fails is told, tried again, and keeps the others from nothing.
/// </summary>
internal sealed class KeeperChores(PipelineHost host, Func<KeeperView> view) : IDisposable
{
    private static readonly TimeSpan IdleInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetentionInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForgetInterval = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _end = new();
    private List<StoreId> _members = [.. host.Stores.Members.Select(member => member.Id)];

    public bool Start()
    {
        var idle = new IdlePartitions(host, IdleInterval);
        var quiet = new QuietStreams(host, IdleInterval);
        var silent = new SilentInputs(host, IdleInterval);
        var retention = new Retention(host, view);
        Repeat("idle partitions", IdleInterval, () => idle.LookAsync(view(), _end.Token));
        Repeat("quiet streams", IdleInterval, () => quiet.LookAsync(view(), _end.Token));
        Repeat("silent inputs", IdleInterval, () =>
        {
            silent.Look(view());
            return Task.CompletedTask;
        });
        var looking = Shorter(host.Settings.TrimInterval, RetentionInterval);
        Repeat("retention", looking, () => retention.TrimAsync(_end.Token));
        Repeat("consumers of deleted streams", ForgetInterval, () => retention.ForgetAsync(_end.Token));
        Repeat("checkpoint renewal", host.Settings.TrimInterval, RenewAsync);
        return true;
    }

    public void Stop() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    private void Repeat(string job, TimeSpan interval, Func<Task> chore) =>
        host.Loop.Repeat(job, interval, () => TryAsync(chore), _end.Token);

    private static TimeSpan Shorter(TimeSpan first, TimeSpan second) => first < second ? first : second;

    private static async Task TryAsync(Func<Task> chore)
    {
        try
        {
            await chore();
        }
        catch (Exception error) when (error is IOException or TimeoutException)
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
            foreach (var running in view().Pipelines.Values.SelectMany(pipeline => pipeline.Instances))
            {
                running.Stage?.Renew();
            }

            _members = members;
        }

        return Task.CompletedTask;
    }
}
