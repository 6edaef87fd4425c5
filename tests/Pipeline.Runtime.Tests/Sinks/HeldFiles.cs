using Pipeline.Processing.Sinks;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>A disk whose host freezes when it is about to publish a file.</summary>
internal sealed class HeldFiles : DelegatingFiles
{
    private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task FrozenAsync() => _frozen.Task;

    /// <summary>It goes on; what came of the file it was about to publish.</summary>
    public Task<string> WakeAsync()
    {
        _woken.TrySetResult();
        return _ended.Task;
    }

    public override async ValueTask<SinkPublication> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken)
    {
        _frozen.TrySetResult();
        await _woken.Task;
        try
        {
            var publication = await base.PublishAsync(directory, hiddenName, name, cancellationToken);
            _ended.TrySetResult($"{publication}");
            return publication;
        }
        catch (IOException error)
        {
            _ended.TrySetResult(error.GetType().Name);
            throw;
        }
    }
}
