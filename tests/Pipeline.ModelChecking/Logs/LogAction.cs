namespace Pipeline.ModelChecking.Logs;

internal enum LogActionKind
{
    /// <summary>A request is carried out and answered.</summary>
    Deliver,

    /// <summary>A request is carried out; the answer is "unknown".</summary>
    LoseAnswer,

    /// <summary>An owner starts: it takes the log over.</summary>
    Start,

    /// <summary>A client sends the next event to an owner.</summary>
    Send,

    /// <summary>An owner is asked to trim.</summary>
    Trim,

    /// <summary>A frame goes bad on a store.</summary>
    Damage,

    /// <summary>A store forgets everything.</summary>
    Lose,
}

/// <summary>One thing that can happen, as a number.</summary>
internal readonly record struct LogAction(LogActionKind Kind, int Actor, int Index = 0)
{
    public int Code => (int)Kind | (Actor << 8) | (Index << 16);

    public static LogAction Of(int code) => new((LogActionKind)(code & 0xFF), (code >> 8) & 0xFF, code >> 16);
}
