namespace Pipeline.Simulation.Redefinitions;

/// <summary>Whether an output is to be in its stream.</summary>
public enum Keeping
{
    /// <summary>Its stream is not kept: this is one of its holes.</summary>
    No,

    /// <summary>It depends on whether another pipeline read the stream just then.</summary>
    Perhaps,

    Yes,
}

/// <summary>What one definition makes of an event in one stage.</summary>
public readonly record struct ExpectedOutput(string Stream, int Partition, PassedEvent Passed, Keeping Keeping);
