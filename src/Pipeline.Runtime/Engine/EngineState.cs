namespace Pipeline.Runtime.Engine;

/// <summary>What an engine is doing.</summary>
public enum EngineState
{
    /// <summary>Not started yet.</summary>
    Created,

    /// <summary>Opening stores, catalog and partitions; goes on trying while a majority of stores is missing.</summary>
    Starting,

    /// <summary>Accepting events.</summary>
    Running,

    /// <summary>Stopped because it was asked to.</summary>
    Stopped,

    /// <summary>Another process took over: it accepts nothing any more (exit code 3).</summary>
    Fenced,

    /// <summary>
    /// It cannot go on and a person must look: stores of a newer version, too few intact ones, damage.
    /// </summary>
    Refused,
}
