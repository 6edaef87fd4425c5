using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Faults;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Stores;

/// <summary>
/// One process' way to one disk through the simulated world: requests take virtual time, overtake one another, and
/// meet the disk's faults. What a crashed process had sent is still done, done in part, or lost, as the seed says.
/// </summary>
public sealed class SimulatedLink(
    SimulatedNode node, SimulatedDisk disk, StoreWeather weather, AppendLedger? ledger = null)
    : IStoreLink
{
    private readonly EventQueue _queue = node.Queue;

    public SimulatedDisk Disk { get; } = disk;

    public ValueTask<T> CallAsync<T>(
        StoreCall call,
        Func<T> apply,
        Action<Random>? tear,
        Func<BlobStatus, string, T> refuse,
        Func<T, BlobStatus> status,
        CancellationToken cancellationToken)
    {
        _queue.AssertThread();
        var loop = SimulatedLoop.Current
            ?? throw new InvalidOperationException($"{call.Kind} {call.Blob} was not called from a loop.");
        if (loop.Node != node)
        {
            throw new InvalidOperationException("A store was called from another process' loop.");
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<T>(cancellationToken);
        }

        var request = new SimulatedRequest<T>(call, apply, tear, refuse, status, loop, cancellationToken);
        _queue.After(weather.Delay(call), () => Deliver(request));
        return new ValueTask<T>(request.Answer);
    }

    private void Deliver<T>(SimulatedRequest<T> request)
    {
        if (node.IsCrashed && !request.IsLeftBehind)
        {
            request.IsLeftBehind = true;
            if (weather.DropsAfterCrash())
            {
                return;
            }
        }

        if (weather.IsFrozen)
        {
            weather.Park(() => Deliver(request));
            return;
        }

        var fate = weather.FateOf(request.Call);
        if (node.IsCrashed && request.Tear is not null && fate == StoreFate.Done && weather.TearsAfterCrash())
        {
            request.Tear(weather.Draw);
            Note(request, "torn");
            return;
        }

        var answer = weather.Meet(fate, Disk, request);
        if (request.Call.Kind == StoreCallKind.Append && fate == StoreFate.Done
            && request.Status(answer) == BlobStatus.Ok)
        {
            ledger?.Note(request.Call.Blob, node.Number);
        }

        Answer(request, fate, answer);
    }

    private void Answer<T>(SimulatedRequest<T> request, StoreFate fate, T answer)
    {
        Note(request, fate.ToString(), (long)request.Status(answer));
        _queue.After(weather.Delay(request.Call), () => request.Reply(answer));
    }

    private void Note<T>(SimulatedRequest<T> request, string what, long status = -1) => _queue.Trace.Add(
        _queue.Now, node.Number, what, $"{Disk.Name} {request.Call.Kind} {request.Call.Blob}",
            request.Call.Bytes, status);
}
