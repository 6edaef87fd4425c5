namespace Pipeline.Runtime.Pipelines;

/// <summary>What becomes of what a stage holds between events (open windows, earlier events).</summary>
public enum StageFate
{
    /// <summary>It goes on as it is; also where it holds nothing.</summary>
    Kept,

    /// <summary>It holds nothing: a new stage, one that nothing came to yet, or one that ends and never did.</summary>
    Empty,

    /// <summary>It is dropped.</summary>
    Lost,
}

/// <summary>Where a stage reads on.</summary>
/// <param name="Input">The stream it reads, directly or through its exchange.</param>
/// <param name="Partition">Of that stream.</param>
/// <param name="Offset">The next event, as things are now; a change cuts where it is by then.</param>
public sealed record StagePosition(string Input, int Partition, long Offset);

/// <summary>What a change of the definition would do to a stage.</summary>
/// <param name="Stage">As in the definition.</param>
/// <param name="Cut">Where it goes on, or begins; empty for one that is dropped.</param>
/// <param name="State">What becomes of its state.</param>
/// <param name="Why">For people: a sentence.</param>
public sealed record StageChange(string Stage, IReadOnlyList<StagePosition> Cut, StageFate State, string Why);
