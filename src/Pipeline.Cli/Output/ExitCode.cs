namespace Pipeline.Cli.Output;

/// <summary>How a command ended.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>It found mistakes or damage, or the service refused.</summary>
    public const int Found = 1;

    /// <summary>It could not be carried out: no such file, no answer from the service.</summary>
    public const int Failed = 2;
}
