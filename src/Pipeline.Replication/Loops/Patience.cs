namespace Pipeline.Replication.Loops;

/// <summary>
/// Waiting for stores no longer than one likes. On a loop, with the loop's clock, it comes back to the loop.
/// </summary>
public static class Patience
{
    /// <summary>
    /// What an operation answers, or <paramref name="otherwise"/> when it takes longer than <paramref name="limit"/>
    /// or fails; it is not stopped, only not waited for.
    /// </summary>
    public static async Task<T> WithinAsync<T>(
        this TimeProvider time,
        Func<CancellationToken, ValueTask<T>> operation,
        TimeSpan limit,
        Func<string, T> otherwise)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = time.CreateTimer(
            _ => answer.TrySetResult(otherwise($"no answer within {limit.TotalSeconds:0.#} s")),
            null,
            limit,
            Timeout.InfiniteTimeSpan);
        LoopTasks.Start(
            async () => answer.TrySetResult(await operation(CancellationToken.None)),
            failed => answer.TrySetResult(otherwise(failed.Message)));
        return await answer.Task;
    }

    /// <summary>Comes back after a while, or at once when <paramref name="cancellationToken"/> is set.</summary>
    public static async Task PauseAsync(this TimeProvider time, TimeSpan pause, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = time.CreateTimer(_ => over.TrySetResult(), null, pause, Timeout.InfiniteTimeSpan);
        using var cancelled = cancellationToken.UnsafeRegister(_ => over.TrySetResult(), null);
        await over.Task;
    }

    public static Task PauseAsync(this ILoop loop, TimeSpan pause, CancellationToken cancellationToken) =>
        loop.Time.PauseAsync(pause, cancellationToken);
}
