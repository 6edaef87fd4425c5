using Pipeline.Runtime.Consumers;

namespace Pipeline.Http.Problems;

/// <summary>The problem for each operation on a consumer that was not done.</summary>
internal static class ConsumerProblems
{
    /// <summary>Null: it was done.</summary>
    public static Problem? Of(ConsumerOutcome outcome, string stream, string name) => outcome.Status switch
    {
        ConsumerStatus.Done => null,
        ConsumerStatus.NotFound => new Problem(
            404,
            "consumer-not-found",
            "No such consumer",
            $"'{stream}' has no consumer '{name}'. PUT /v1/streams/{stream}/consumers/{name} makes it."),
        ConsumerStatus.TooMany => new Problem(
            409,
            "too-many-consumers",
            "There may be no more consumers",
            $"A stream may have {ConsumerStore.MaxOfStream} consumers, all streams together {ConsumerStore.MaxInAll}: "
            + "delete one that nobody uses, it also holds back retention."),
        ConsumerStatus.Backwards => new Problem(
            409,
            "offset-backwards",
            "The consumer has come further already",
            $"In partition {outcome.Partition} it is at {outcome.Consumer?.Offsets[outcome.Partition]}: nothing was "
            + "changed. With ?reset=true it goes back."),
        _ => Problem.Unavailable("No majority of the stores answers: it may yet be done; send it again."),
    };

    /// <summary>Null: it may be called so.</summary>
    public static Problem? OfName(string name) => Consumer.IsName(name) ? null : Problem.Malformed(
        $"A consumer's name has letters, digits, '-', '_' and '.', the first one a letter or digit, 60 at most; not "
        + $"'{name}'.");
}
