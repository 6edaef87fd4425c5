using System.Threading.Tasks.Sources;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>An append that somebody waits for; used again after its outcome was taken.</summary>
internal sealed class AppendCall(AppendCalls pool) : IValueTaskSource<AppendOutcome>
{
    private ManualResetValueTaskSourceCore<AppendOutcome> _source = new() { RunContinuationsAsynchronously = true };

    public AppendRequest? Request { get; private set; }

    public PartitionDriver? Driver { get; private set; }

    public ValueTask<AppendOutcome> Begin(PartitionDriver driver, AppendRequest request)
    {
        (Driver, Request) = (driver, request);
        return new ValueTask<AppendOutcome>(this, _source.Version);
    }

    public void Complete(AppendOutcome outcome)
    {
        (Driver, Request) = (null, null);
        _source.SetResult(outcome);
    }

    public AppendOutcome GetResult(short token)
    {
        var outcome = _source.GetResult(token);
        _source.Reset();
        pool.Return(this);
        return outcome;
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    /// <summary>
    /// Back to the caller's loop also through <see cref="ValueTask{T}.AsTask"/>, which does not ask for it.
    /// </summary>
    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags | ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
}
