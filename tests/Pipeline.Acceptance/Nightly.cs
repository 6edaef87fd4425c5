[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Pipeline.Acceptance;

/// <summary>How long the long tests are: PIPELINE_NIGHTLY=1 (dotnet run test.cs --nightly) makes them so.</summary>
public static class Nightly
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("PIPELINE_NIGHTLY") == "1";

    public static int Kills => IsOn ? 200 : 20;

    public static int MalformedRequests => IsOn ? 300_000 : 4_000;

    /// <summary>Between a writer's requests, where a fault lasts long: all that was written is compared.</summary>
    public static TimeSpan Pause => IsOn ? TimeSpan.Zero : TimeSpan.FromMilliseconds(10);

    public static TimeSpan Overload => TimeSpan.FromSeconds(IsOn ? 60 : 6);
}
