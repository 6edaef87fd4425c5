using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Http.Problems;

/// <summary>The problem for each read that gave no events.</summary>
internal static class ReadProblems
{
    public static Problem Of(ReadOutcome outcome, PartitionId partition) => outcome.Status switch
    {
        ReadStatus.Trimmed => Gone(partition, outcome.First),
        ReadStatus.BeyondEnd => BeyondEnd(partition, outcome.First, outcome.Committed),
        _ => Unavailable(partition),
    };

    public static Problem Unavailable(PartitionId partition) =>
        Problem.Unavailable($"{partition} cannot be read now.");

    public static Problem Gone(PartitionId partition, LogOffset first) =>
        new(410, "offset-gone", "These events are not kept any more", $"{partition} begins at offset {first} now.")
        {
            First = first.Value,
        };

    private static Problem BeyondEnd(PartitionId partition, LogOffset first, LogOffset next) => new(
        416,
        "offset-beyond-end",
        "There are no events there yet",
        $"{partition} begins at offset {first} and ends at {next}, where the next event will be.")
    {
        First = first.Value,
        Next = next.Value,
    };
}
