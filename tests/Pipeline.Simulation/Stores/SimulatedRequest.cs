using Pipeline.Simulation.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Stores;

/// <summary>
/// A request on its way; its answer arrives on the loop that sent it, or never where that has crashed.
/// </summary>
public sealed class SimulatedRequest<T>
{
    private readonly TaskCompletionSource<T> _answer = new();
    private readonly CancellationTokenRegistration _cancelled;
    private readonly SimulatedLoop _loop;

    public SimulatedRequest(
        StoreCall call,
        Func<T> apply,
        Action<Random>? tear,
        Func<BlobStatus, string, T> refuse,
        Func<T, BlobStatus> status,
        SimulatedLoop loop,
        CancellationToken cancellationToken)
    {
        (Call, Apply, Tear, Refuse, Status, _loop) = (call, apply, tear, refuse, status, loop);
        if (cancellationToken.CanBeCanceled)
        {
            _cancelled = cancellationToken.UnsafeRegister(
                static (state, token) => ((SimulatedRequest<T>)state!)._answer.TrySetCanceled(token), this);
        }
    }

    public StoreCall Call { get; }

    public Func<T> Apply { get; }

    /// <summary>Does the part of an append that a crash leaves behind.</summary>
    public Action<Random>? Tear { get; }

    public Func<BlobStatus, string, T> Refuse { get; }

    public Func<T, BlobStatus> Status { get; }

    /// <summary>Its process has crashed, and it was decided that it still lands.</summary>
    public bool IsLeftBehind { get; set; }

    public Task<T> Answer => _answer.Task;

    public void Reply(T answer) => _loop.Post(
        _ =>
        {
            _cancelled.Dispose();
            _answer.TrySetResult(answer);
        },
        null);
}
