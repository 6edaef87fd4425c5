namespace Pipeline.Simulation.Worlds;

/// <summary>Something the world does wrong on purpose: if no checker sees it, the checkers are no good.</summary>
public enum PlantedBug
{
    None,

    /// <summary>A store that lost its contents is restored, under its old identity, as it once was.</summary>
    StoreForgets,

    /// <summary>A seal is answered and not done.</summary>
    SealIsIgnored,

    /// <summary>A put replaces whatever is there.</summary>
    ConditionIsIgnored,

    /// <summary>Now and then an append is answered and not done.</summary>
    AppendIsForgotten,

    /// <summary>Clients repeat requests without the handle that makes a repeat known.</summary>
    HandlesAreForgotten,

    /// <summary>An output of a stage is away, twice or elsewhere when all is over.</summary>
    OutputIsTamperedWith,

    /// <summary>A changed definition is acknowledged now and then, and nobody was asked to put it into force.</summary>
    ChangeIsForgotten,

    /// <summary>A backup reads the logs before the checkpoints.</summary>
    BackupReadsLogsFirst,

    /// <summary>A backup reads a log before those that are written from it.</summary>
    BackupReadsInputsFirst,

    /// <summary>A backup does not look whether definitions changed meanwhile, nor where checkpoints lie.</summary>
    BackupIgnoresChanges,
}
