using System.Diagnostics;

namespace Pipeline.TestKit.Loads;

/// <summary>A request that was answered 200, in timestamps of <see cref="Stopwatch"/>.</summary>
/// <param name="Sent">When it was first sent.</param>
/// <param name="Answered">When it was accepted.</param>
/// <param name="Partitions">Where its events went.</param>
public sealed record AcceptedRequest(long Sent, long Answered, IReadOnlyList<int> Partitions)
{
    private TimeSpan Took => Stopwatch.GetElapsedTime(Sent, Answered);

    /// <summary>How long the slowest took of those that were answered after a moment.</summary>
    public static TimeSpan SlowestSince(IEnumerable<AcceptedRequest> requests, long moment) =>
        requests.Where(request => request.Answered >= moment).Max(static request => request.Took);

    /// <summary>
    /// How long after a moment events flowed again: for the slowest partition, until the first request was accepted
    /// that had been sent after it. Null where they do not yet.
    /// </summary>
    public static TimeSpan? FlowAfter(IEnumerable<AcceptedRequest> requests, long moment, int partitions)
    {
        var first = FirstAfter(requests, moment, partitions);
        return first.Contains(0) ? null : Stopwatch.GetElapsedTime(moment, first.Max());
    }

    /// <summary>The partitions of which no request was accepted that had been sent after a moment.</summary>
    public static IReadOnlyList<int> SilentSince(
        IEnumerable<AcceptedRequest> requests, long moment, int partitions) =>
        [.. FirstAfter(requests, moment, partitions).Index()
            .Where(static at => at.Item == 0).Select(static at => at.Index)];

    private static long[] FirstAfter(IEnumerable<AcceptedRequest> requests, long moment, int partitions)
    {
        var first = new long[partitions];
        foreach (var request in requests.Where(request => request.Sent >= moment))
        {
            foreach (var partition in request.Partitions)
            {
                first[partition] = first[partition] == 0
                    ? request.Answered
                    : Math.Min(first[partition], request.Answered);
            }
        }

        return first;
    }
}
