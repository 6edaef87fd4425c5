namespace Pipeline.ModelChecking.Redefinition;

internal enum RedefinitionActionKind
{
    /// <summary>A process reads the catalog and is to run an instance.</summary>
    Start,

    /// <summary>The same, under a term that the entry does not name.</summary>
    StartUnnamed,

    /// <summary>An activation raises the epoch.</summary>
    Activate,

    /// <summary>It opens its next target.</summary>
    Open,

    /// <summary>It reads the next block.</summary>
    Read,

    /// <summary>The next part that it made for a target is carried out there, and answered.</summary>
    Send,

    /// <summary>It takes a snapshot for a checkpoint.</summary>
    Save,

    /// <summary>The checkpoint is carried out.</summary>
    Write,

    /// <summary>A change begins: it takes a term.</summary>
    Reserve,

    /// <summary>A change begins its next step from the checkpoint.</summary>
    Begin,

    /// <summary>A change cuts an instance where it runs.</summary>
    BeginInPlace,

    /// <summary>A change does not know how its cut went and cuts again.</summary>
    Repeat,

    /// <summary>A change moves a stage's state.</summary>
    Move,

    /// <summary>A change's switch is carried out.</summary>
    Switch,

    /// <summary>The text in force gets a new term.</summary>
    Resume,
}

/// <summary>Whose step it is.</summary>
internal enum RedefinitionActor
{
    Runner,
    Changer,
    Stray,
    None,
}

/// <summary>One thing that can happen, as a number.</summary>
internal readonly record struct RedefinitionAction(
    RedefinitionActionKind Kind, RedefinitionActor Actor, int Number = 0, int Index = 0)
{
    public int Code => (int)Kind | ((int)Actor << 8) | (Number << 16) | (Index << 24);

    public static RedefinitionAction Of(int code) => new(
        (RedefinitionActionKind)(code & 0xFF),
        (RedefinitionActor)((code >> 8) & 0xFF),
        (code >> 16) & 0xFF,
        code >> 24);
}
