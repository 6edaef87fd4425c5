namespace Pipeline.Storage.Directories;

/// <summary>One operation on a store, run on an I/O thread. Cancellation is seen before it starts only.</summary>
internal sealed class Operation<T>(Func<T> body, CancellationToken cancellationToken) : IoWork
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<T> Completion => new(_completion.Task);

    public override void Run()
    {
        if (cancellationToken.IsCancellationRequested)
        {
            _completion.SetCanceled(cancellationToken);
            return;
        }

        try
        {
            _completion.SetResult(body());
        }
#pragma warning disable CA1031 // A bug must reach the caller, not end an I/O thread.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _completion.SetException(bug);
        }
    }
}
