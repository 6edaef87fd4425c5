namespace Pipeline.Grains.Partitions;

/// <summary>
/// Carries the appends of one process to one partition: few calls are under way at a time, each with all that came
/// while the ones before ran. The first goes at once, so that nothing waits where there is little to do.
/// </summary>
internal sealed class AppendLane(Func<AppendMessage[], Task<AppendAnswer[]>> call, TimeProvider time)
{
    /// <summary>Enough that one call is on its way while the partition commits another.</summary>
    private const int MostCalls = 3;

    /// <summary>Bytes after which a call takes no more parts.</summary>
    private const int EnoughBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _calls;

    /// <summary>The partition's answer to one part.</summary>
    /// <param name="message">The part.</param>
    /// <param name="patience">How long a call that carries it may take, at least.</param>
    /// <exception cref="TimeoutException">Nobody answered: whether it was appended is not known.</exception>
    /// <exception cref="OrleansException">The call failed: the same.</exception>
    public Task<AppendAnswer> AppendAsync(AppendMessage message, TimeSpan patience)
    {
        var part = new Waiting(message, patience);
        List<Waiting> parts;
        lock (_lock)
        {
            _waiting.Enqueue(part);
            if (_calls == MostCalls)
            {
                return part.Answer;
            }

            _calls++;
            parts = Take();
        }

        _ = RunAsync(parts);
        return part.Answer;
    }

    /// <summary>One call after the other, until nothing waits.</summary>
    private async Task RunAsync(List<Waiting> parts)
    {
        while (parts.Count > 0)
        {
            await CallAsync(parts).ConfigureAwait(false);
            lock (_lock)
            {
                parts = Take();
                _calls -= parts.Count == 0 ? 1 : 0;
            }
        }
    }

    private async Task CallAsync(List<Waiting> parts)
    {
        try
        {
            var answers = await call([.. parts.Select(static part => part.Message)])
                .WaitAsync(parts.Max(static part => part.Patience), time).ConfigureAwait(false);
            for (var i = 0; i < parts.Count; i++)
            {
                parts[i].Answers(answers[i]);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            parts.ForEach(part => part.Fails(fault));
        }
    }

    private List<Waiting> Take()
    {
        var parts = new List<Waiting>();
        for (var bytes = 0; bytes < EnoughBytes && _waiting.TryDequeue(out var part); bytes += part.Message.Part.Length)
        {
            parts.Add(part);
        }

        return parts;
    }

    private sealed class Waiting(AppendMessage message, TimeSpan patience)
    {
        private readonly TaskCompletionSource<AppendAnswer> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AppendMessage Message => message;

        public TimeSpan Patience => patience;

        public Task<AppendAnswer> Answer => _answer.Task;

        public void Answers(AppendAnswer answer) => _answer.SetResult(answer);

        public void Fails(Exception fault) => _answer.SetException(fault);
    }
}
