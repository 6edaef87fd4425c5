using Pipeline.Replication.Loops;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// Carries the appends of one process to one partition: few calls are under way at a time, each with all that came
/// while the ones before ran. The first goes at once, so that nothing waits where there is little to do; while it runs,
/// another goes only with much to carry. Few small calls, since each costs as much as some hundred events.
/// </summary>
internal sealed class AppendLane(Func<AppendMessage[], Task<AppendAnswer[]>> call, TimeProvider time)
{
    /// <summary>Enough that one is on its way while the partition commits another.</summary>
    private const int MostCalls = 3;

    /// <summary>Bytes that are worth a call while another is under way.</summary>
    private const int WorthACall = 16 << 10;

    /// <summary>A call unanswered for so long may be lost: the next one does not wait for it any more.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes after which a call takes no more parts.</summary>
    private const int EnoughBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = new();
    private int _waitingBytes;
    private int _calls;

    /// <summary>The partition's answer to one part.</summary>
    /// <param name="message">The part.</param>
    /// <param name="patience">How long to wait for the answer once it is sent.</param>
    /// <exception cref="TimeoutException">Nobody answered: whether it was appended is not known.</exception>
    /// <exception cref="OrleansException">The call failed: the same.</exception>
    public Task<AppendAnswer> AppendAsync(AppendMessage message, TimeSpan patience)
    {
        var part = new Waiting(message, patience);
        List<Waiting>? parts;
        lock (_lock)
        {
            _waiting.Enqueue(part);
            _waitingBytes += message.Part.Length;
            parts = Take();
            _calls += parts is null ? 0 : 1;
        }

        if (parts is not null)
        {
            LoopTasks.Start(() => RunAsync(parts), Fail);
        }

        return part.Answer;
    }

    /// <summary>One call after the other, until there is too little for another one.</summary>
    private async Task RunAsync(List<Waiting>? parts)
    {
        while (parts is not null)
        {
            Task answered = Send(parts);
            await answered.WaitAsync(Overdue, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            lock (_lock)
            {
                _calls--;
                parts = Take();
                _calls += parts is null ? 0 : 1;
            }
        }
    }

    /// <summary>Sends one call; each of its parts waits for the answer as long as it wants to.</summary>
    private Task<AppendAnswer[]> Send(List<Waiting> parts)
    {
        var answers = CallAsync([.. parts.Select(static part => part.Message)]);
        answers.Ignore();
        for (var i = 0; i < parts.Count; i++)
        {
            var (waiting, index) = (parts[i], i);
            LoopTasks.Start(() => waiting.FollowAsync(answers, index, time), waiting.Fail);
        }

        return answers;
    }

    /// <summary>What fails before it is sent fails as what is sent does.</summary>
    private async Task<AppendAnswer[]> CallAsync(AppendMessage[] messages) =>
        await call(messages).ConfigureAwait(false);

    /// <summary>What nobody expected: those who wait are told, and those who come now begin anew.</summary>
    private void Fail(Exception fault)
    {
        Waiting[] waiting;
        lock (_lock)
        {
            _calls--;
            _waitingBytes = 0;
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var part in waiting)
        {
            part.Fail(fault);
        }
    }

    /// <summary>What one more call is to carry; null where there is to be none.</summary>
    private List<Waiting>? Take()
    {
        if (_waiting.Count == 0 || _calls == MostCalls || (_calls > 0 && _waitingBytes < WorthACall))
        {
            return null;
        }

        var parts = new List<Waiting>();
        for (var bytes = 0; bytes < EnoughBytes && _waiting.TryDequeue(out var part); bytes += part.Message.Part.Length)
        {
            parts.Add(part);
            _waitingBytes -= part.Message.Part.Length;
        }

        return parts;
    }

    private sealed class Waiting(AppendMessage message, TimeSpan patience)
    {
        private readonly TaskCompletionSource<AppendAnswer> _answer =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AppendMessage Message => message;

        public Task<AppendAnswer> Answer => _answer.Task;

        /// <summary>Takes its own answer of a call's, or how that failed, or that it took too long.</summary>
        public async Task FollowAsync(Task<AppendAnswer[]> answers, int index, TimeProvider time) =>
            _answer.TrySetResult((await answers.WaitAsync(patience, time).ConfigureAwait(false))[index]);

        public void Fail(Exception fault) => _answer.TrySetException(fault);
    }
}
