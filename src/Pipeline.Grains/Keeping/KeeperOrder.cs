namespace Pipeline.Grains.Keeping;

/// <summary>What may be done with a pipeline.</summary>
internal enum KeeperVerb
{
    Delete,
    DeleteWithStreams,
    Pause,
    Resume,
    Redrive,
    Savepoint,
    Replay,
    StageState,
}

/// <summary>Something to do with a pipeline.</summary>
internal sealed record KeeperOrder(KeeperVerb Verb, string Pipeline)
{
    public long FromTicks { get; init; }

    /// <summary>Only where the pipeline has this generation; null: whichever.</summary>
    public long? IfGeneration { get; init; }

    public string Stage { get; init; } = "";

    public string Key { get; init; } = "";
}

/// <summary>An outcome, as JSON has it.</summary>
internal sealed record KeeperOutcome(Runtime.Pipelines.PipelineOutcomeStatus Status, string? Detail)
{
    public List<string> Readers { get; init; } = [];
}

/// <summary>A page of dead letters, as JSON has it.</summary>
internal sealed record LettersPage(Runtime.Pipelines.PipelineOutcomeStatus Status, List<byte[]> Letters, long Next);
