namespace Pipeline.Standalone.Hosting;

/// <summary>Why the process ended, for whoever started it.</summary>
internal static class ExitCode
{
    public const int Stopped = 0;

    /// <summary>A bug, or something of the machine, as a port that is taken.</summary>
    public const int Failed = 1;

    /// <summary>Bad options, an invalid definition, or data of a newer version: a person must look.</summary>
    public const int Refused = 2;

    /// <summary>Another process took over the data.</summary>
    public const int Fenced = 3;
}
