[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Pipeline.Cluster.Acceptance;

/// <summary>How long the long tests are: PIPELINE_NIGHTLY=1 (dotnet run test.cs --nightly) makes them so.</summary>
internal static class Nightly
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("PIPELINE_NIGHTLY") == "1";

    public static int Kills => IsOn ? 30 : 3;

    public static int Cuts => IsOn ? 60 : 3;

    public static int Freezes => IsOn ? 2 : 1;

    public static TimeSpan FreezeTime => TimeSpan.FromSeconds(IsOn ? 20 : 10);

    public static int MalformedRequests => IsOn ? 300_000 : 2_000;

    public static int Restarts => IsOn ? 30 : 1;

    /// <summary>
    /// Between a writer's requests: a machine that its load alone keeps busy shows how long the machine takes, and not
    /// how long a silo does.
    /// </summary>
    public static TimeSpan Pause => IsOn ? TimeSpan.Zero : TimeSpan.FromMilliseconds(30);
}
