using Pipeline.Kernel.Registers;

namespace Pipeline.Replication.Registers;

/// <summary>One operation that somebody waits for.</summary>
internal sealed class RegisterCall(
    RegisterInput start,
    Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>? change,
    CancellationToken cancellation)
{
    private readonly TaskCompletionSource<RegisterOutcome> _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RegisterInput Start { get; } = start;

    public CancellationToken Cancellation { get; } = cancellation;

    public Task<RegisterOutcome> Done => _done.Task;

    /// <summary>
    /// What follows <paramref name="value"/>; null also where the caller's function failed, or made nothing: in
    /// <c>unchanged ? null : bytes</c> the null is an empty <c>byte[]</c> before it can be one of this type.
    /// </summary>
    public ReadOnlyMemory<byte>? Change(ReadOnlyMemory<byte> value)
    {
        try
        {
            var next = change?.Invoke(value);
            return next is { IsEmpty: false } ? next : null;
        }
        catch (Exception fault)
        {
            // The caller's bug is the caller's to see; the register goes on.
            _done.TrySetException(fault);
            return null;
        }
    }

    public void End(RegisterOutcome outcome)
    {
        if (Cancellation.IsCancellationRequested && outcome.Status == RegisterStatus.Unavailable)
        {
            _done.TrySetCanceled(Cancellation);
        }

        _done.TrySetResult(outcome);
    }
}
