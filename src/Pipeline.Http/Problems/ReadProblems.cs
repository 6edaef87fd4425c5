using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Partitions;

namespace Pipeline.Http.Problems;

/// <summary>The problem for each read that gave no events.</summary>
internal static class ReadProblems
{
    public static Problem Of(ReadOutcome outcome, PartitionId partition) => outcome.Status switch
    {
        ReadStatus.Trimmed => Gone(partition, outcome.First),
        ReadStatus.BeyondEnd =>
            Problem.Malformed($"{partition} ends at offset {outcome.Committed}; that far there is nothing yet."),
        _ => Unavailable(partition),
    };

    public static Problem Unavailable(PartitionId partition) =>
        Problem.Unavailable($"{partition} cannot be read now.");

    public static Problem Gone(PartitionId partition, LogOffset first) =>
        new(410, "offset-gone", "These events are not kept any more", $"{partition} begins at offset {first} now.")
        {
            First = first.Value,
        };
}
