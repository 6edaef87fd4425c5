namespace Pipeline.Replication.Loops;

/// <summary>
/// The only place where asynchronous work begins that nobody awaits. An exception that leaves it is said, counted and
/// shown by the loop's <see cref="ILoop.Supervisor"/>, and never lost.
/// </summary>
public static class LoopTasks
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Begins work on the loop, at once; called on the loop. Without <paramref name="onFault"/> health shows it as
    /// failed until work of that name ends well.
    /// </summary>
    /// <param name="loop">Where it runs.</param>
    /// <param name="job">What it does, of few: a metric's tag.</param>
    /// <param name="work">The work. Where it is told to stop, it ends without an exception.</param>
    /// <param name="onFault">Told, on the loop, that it failed: stops what cannot go on without it.</param>
    public static void Run(this ILoop loop, string job, Func<Task> work, Action<Exception>? onFault = null) => Start(
        async () =>
        {
            await work();
            if (onFault is null)
            {
                loop.Supervisor.Recovered(job);
            }
        },
        exception =>
        {
            var fault = new Fault(FaultSource.Job, job, job, exception);
            if (onFault is null)
            {
                loop.Supervisor.Failed(fault, loop.Time.GetUtcNow());
                return;
            }

            loop.Supervisor.Tell(fault);
            onFault(exception);
        });

    /// <summary>
    /// Does something again and again, from now on; called on the loop. Where a round fails, health shows it, and the
    /// next one is tried after a pause that grows up to a minute, until one ends well.
    /// </summary>
    /// <param name="loop">Where it runs.</param>
    /// <param name="job">What it does, of few: a metric's tag.</param>
    /// <param name="round">Does it once; says how long to wait until the next time.</param>
    /// <param name="stopping">Ends it; what a round throws from then on is no failure.</param>
    /// <param name="name">Which one of several with the same <paramref name="job"/>; null: there is one.</param>
    public static void Repeat(
        this ILoop loop,
        string job,
        Func<Task<TimeSpan>> round,
        CancellationToken stopping,
        string? name = null) =>
        loop.Run(job, () => RepeatAsync(loop, job, name ?? job, round, stopping));

    /// <summary>Does something again and again: first after <paramref name="interval"/>, then after as long.</summary>
    /// <inheritdoc cref="Repeat(ILoop, string, Func{Task{TimeSpan}}, CancellationToken, string?)"/>
    public static void Repeat(
        this ILoop loop, string job, TimeSpan interval, Func<Task> round, CancellationToken stopping)
    {
        var isFirst = true;
        loop.Repeat(job, WaitFirstAsync, stopping);

        async Task<TimeSpan> WaitFirstAsync()
        {
            if (!isFirst)
            {
                await round();
            }

            isFirst = false;
            return interval;
        }
    }

    /// <summary>Does work on the loop, from any thread; what it gives, or throws, is the caller's.</summary>
    public static Task<T> CallAsync<T>(this ILoop loop, Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(_ => Start(Begin, exception => Fail(done, exception)), null);
        return done.Task;

        async Task Begin() => done.TrySetResult(await work());
    }

    /// <summary>
    /// Begins work that nobody awaits; what it throws goes to <paramref name="onFault"/>, which turns it into something
    /// that is awaited.
    /// </summary>
    public static async void Start(Func<Task> work, Action<Exception> onFault)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            onFault(exception);
        }
    }

    /// <summary>Begins work that belongs to no loop, and whose failure changes nothing but that it is said.</summary>
    public static void Run(this Supervisor supervisor, string job, Func<Task> work) =>
        Start(work, exception => supervisor.Tell(new Fault(FaultSource.Job, job, job, exception)));

    /// <summary>Follows work that has begun already.</summary>
    /// <inheritdoc cref="Start(Func{Task}, Action{Exception})"/>
    internal static async void Follow(ValueTask work, Action<Exception> onFault)
    {
        try
        {
            await work;
        }
        catch (Exception exception)
        {
            onFault(exception);
        }
    }

    /// <summary>Somebody awaits it, and sees there how it failed.</summary>
    internal static void Fail<T>(TaskCompletionSource<T> done, Exception exception)
    {
        if (exception is OperationCanceledException cancelled)
        {
            done.TrySetCanceled(cancelled.CancellationToken);
        }
        else
        {
            done.TrySetException(exception);
        }
    }

    private static async Task RepeatAsync(
        ILoop loop, string job, string name, Func<Task<TimeSpan>> round, CancellationToken stopping)
    {
        var delay = new RestartDelay(LongestPause);
        while (!stopping.IsCancellationRequested)
        {
            TimeSpan pause;
            try
            {
                pause = await round();
                delay.Reset();
                loop.Supervisor.Recovered(name);
            }
            catch (Exception) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                var fault = new Fault(FaultSource.Job, job, name, exception);
                loop.Supervisor.Failed(fault, loop.Time.GetUtcNow());
                pause = delay.Next();
            }

            await loop.PauseAsync(pause, stopping);
        }

        loop.Supervisor.Recovered(name);
    }
}
