using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>What becomes of what a stage holds.</summary>
/// <param name="Stage">As in the definition; of another pipeline with that one's name and a dot before it.</param>
/// <param name="State">What becomes of it.</param>
/// <param name="Why">For people: a sentence.</param>
internal sealed record HeldState(string Stage, StageFate State, string Why)
{
    /// <summary>
    /// Instances that have read nothing yet, and that hold nothing of it only for that: if one of them is cut behind an
    /// event, it is lost.
    /// </summary>
    public IReadOnlyList<InstanceId> Unused { get; init; } = [];

    /// <summary>Why it is lost then.</summary>
    public string WhyLost { get; init; } = Why;
}
