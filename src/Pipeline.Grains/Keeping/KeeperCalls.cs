using System.Diagnostics.CodeAnalysis;

namespace Pipeline.Grains.Keeping;

/// <summary>
/// Calls that a front makes again where it got no answer: a call that is still at work here, or was just now, is
/// joined, not begun a second time. On the keeper's turn only.
/// </summary>
internal sealed class KeeperCalls(TimeProvider time)
{
    private const string Name = "pipeline.call";
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Guid, (long Began, Task<byte[]?> Answer)> _calls = [];

    /// <summary>Calls made from here on, in this flow, are one and the same.</summary>
    public static void Mark(Guid call) => RequestContext.Set(Name, call);

    /// <summary>The answer of the call that this turn is about; without a mark it is made as it comes.</summary>
    public Task<byte[]?> AnswerAsync(Func<Task<byte[]?>> answer)
    {
        if (RequestContext.Get(Name) is not Guid call)
        {
            return answer();
        }

        Forget();
        if (!TryJoin(call, out var running))
        {
            running = answer();
            _calls[call] = (time.GetTimestamp(), running);
        }

        return running;
    }

    private bool TryJoin(Guid call, [NotNullWhen(true)] out Task<byte[]?>? running)
    {
        running = _calls.TryGetValue(call, out var known) ? known.Answer : null;
        return running is { IsFaulted: false, IsCanceled: false };
    }

    private void Forget()
    {
        foreach (var (call, _) in _calls.Where(known =>
            known.Value.Answer.IsCompleted && time.GetElapsedTime(known.Value.Began) > Kept).ToList())
        {
            _calls.Remove(call);
        }
    }
}
