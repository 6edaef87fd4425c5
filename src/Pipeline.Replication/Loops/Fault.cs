namespace Pipeline.Replication.Loops;

/// <summary>What an exception ended that nobody expected.</summary>
public enum FaultSource
{
    /// <summary>A driver of a machine: of a log, a register, a stage. It has stopped, and is begun anew.</summary>
    Machine,

    /// <summary>Work in the background. It is begun again, or whoever began it was told.</summary>
    Job,

    /// <summary>A piece of work that was posted to a loop, and belongs to nothing that could be begun anew.</summary>
    Loop,
}

/// <summary>An exception that nobody expected: a mistake of the program, or of what it runs on.</summary>
/// <param name="Source">What it ended.</param>
/// <param name="Kind">Of few: what metrics tell apart, such as <c>log</c> or <c>scrub</c>.</param>
/// <param name="Name">Which one: what health shows.</param>
/// <param name="Exception">What happened.</param>
public sealed record Fault(FaultSource Source, string Kind, string Name, Exception Exception);

/// <summary>Something that failed and does not work again yet.</summary>
/// <param name="Source">What it is.</param>
/// <param name="Name">Which one.</param>
/// <param name="Reason">What its last fault said.</param>
/// <param name="Since">When it failed first since it last worked.</param>
public sealed record FailingPart(FaultSource Source, string Name, string Reason, DateTimeOffset Since);
