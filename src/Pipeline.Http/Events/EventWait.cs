using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Http.Events;

/// <summary>Waits until one of several partitions has an event that was not there.</summary>
internal static class EventWait
{
    /// <summary>One call to a partition waits no longer, whoever has it.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    /// <summary>Ends when there is something to read, or somebody cannot say, or when the time is over.</summary>
    /// <param name="starts">The partitions, and from where on each is read.</param>
    /// <param name="wait">How long.</param>
    /// <param name="time">Measures it.</param>
    /// <param name="cancellationToken">The client has gone, or the host stops.</param>
    public static async Task AnyAsync(
        IEnumerable<(IPartition Partition, long From)> starts,
        TimeSpan wait,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waiting = starts.Select(start => OneAsync(start.Partition, start.From, wait, time, ended.Token)).ToList();
        var all = waiting.ToArray();
        while (waiting.Count > 0)
        {
            var first = await Task.WhenAny(waiting);
            waiting.Remove(first);
            if (first.IsFaulted || (first.IsCompletedSuccessfully && await first))
            {
                break;
            }
        }

        await ended.CancelAsync();
        await ((Task)Task.WhenAll(all)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>True: a read will not be in vain, if only because it says why not.</summary>
    private static async Task<bool> OneAsync(
        IPartition partition, long from, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var request = new ReadRequest { From = new LogOffset(from), MaxBytes = 1 };
        while (wait - time.GetElapsedTime(began) is { Ticks: > 0 } left)
        {
            var read = await partition.ReadAsync(
                request with { Wait = left < Turn ? left : Turn }, cancellationToken);
            if (read.Status != ReadStatus.Ok
                || read.Blocks.Any(block => block.Count > 0 && block.First.Value + block.Count > from))
            {
                return true;
            }

            request = request with { After = read.Next ?? request.After };
        }

        return false;
    }
}
