using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;

namespace Pipeline.Simulation.Clients;

/// <summary>A call from outside into a process: takes time both ways, and breaks when the process is gone.</summary>
public static class Connection
{
    private const long HopTicks = TimeSpan.TicksPerMillisecond / 2;

    /// <summary>The answer, or null where the connection broke or nobody answered in time.</summary>
    public static async Task<T?> CallAsync<T>(
        SimulatedLoop from, SimulatedProcess to, TimeSpan timeout, Func<ValueTask<T>> call)
        where T : class
    {
        var answer = new TaskCompletionSource<T?>();
        var queue = from.Queue;
        using var timer = from.Time.CreateTimer(
            _ => answer.TrySetResult(null), null, timeout, Timeout.InfiniteTimeSpan);
        to.OnExit(() => Return(null));
        queue.After(from.Node.Draw.NextInt64(HopTicks), () => to.Front.Post(_ => Serve(), null));
        return await answer.Task;

        async void Serve() => Return(await call());

        void Return(T? value) => queue.After(
            from.Node.Draw.NextInt64(HopTicks), () => from.Post(_ => answer.TrySetResult(value), null));
    }
}
