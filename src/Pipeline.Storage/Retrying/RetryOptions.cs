namespace Pipeline.Storage.Retrying;

/// <summary>How often and how soon a request is repeated.</summary>
public sealed record RetryOptions
{
    /// <summary>Attempts in all.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>The pause after the first attempt is below this; each next one may be twice as long…</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>… up to this.</summary>
    public TimeSpan DelayMax { get; init; } = TimeSpan.FromSeconds(2);
}
