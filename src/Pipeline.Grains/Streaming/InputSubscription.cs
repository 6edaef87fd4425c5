using Orleans.Streams;

namespace Pipeline.Grains.Streaming;

/// <summary>
/// One subscription of a <see cref="StreamedInput"/>, from its begin to its end. Lives on the scheduler of the stage's
/// grain.
/// </summary>
internal sealed class InputSubscription(StreamedInput owner, TaskScheduler scheduler)
    : IAsyncBatchObserver<LogEventBlock>
{
    private StreamSubscriptionHandle<LogEventBlock>? _handle;
    private bool _isOver;

    /// <summary>Subscribes after a pause. From any thread.</summary>
    public void Begin(IAsyncStream<LogEventBlock> stream, LogToken at, TimeSpan pause, TimeProvider time) =>
        Run(async () =>
        {
            try
            {
                await Task.Delay(pause, time, CancellationToken.None);
                if (!_isOver)
                {
                    _handle = await stream.SubscribeAsync(this, at);
                    await (_isOver ? _handle.UnsubscribeAsync() : Task.CompletedTask);
                }
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                owner.Fail(this, fault);
            }
        });

    /// <summary>What is delivered still is of no effect. From any thread.</summary>
    public void End() => Run(async () =>
    {
        _isOver = true;
        await (_handle?.UnsubscribeAsync() ?? Task.CompletedTask);
    });

    public Task OnNextAsync(IList<SequentialItem<LogEventBlock>> items) => owner.Receive(this, items);

    public Task OnErrorAsync(Exception ex)
    {
        owner.Fail(this, ex);
        return Task.CompletedTask;
    }

    private void Run(Func<Task> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap().Ignore();
}
