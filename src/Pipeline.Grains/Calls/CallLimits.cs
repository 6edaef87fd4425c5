namespace Pipeline.Grains.Calls;

/// <summary>How long calls of grains may take.</summary>
internal static class CallLimits
{
    /// <summary>The calls that a front waits for; it gives up sooner itself.</summary>
    public const string LongestCall = "00:00:30";
}
