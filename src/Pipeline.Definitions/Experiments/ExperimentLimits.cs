namespace Pipeline.Definitions.Experiments;

/// <summary>How much one experiment may ask for.</summary>
public static class ExperimentLimits
{
    public const int Silos = 9;

    public const int Fronts = 5;

    public const int Rate = 200_000;

    public const int Keys = 100_000;

    public const int Writers = 256;

    public const int Batch = 1_000;

    /// <summary>Repetitions counted.</summary>
    public const int Faults = 1_000;

    public static readonly TimeSpan Time = TimeSpan.FromHours(24);
}
