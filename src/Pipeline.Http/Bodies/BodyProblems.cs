using Pipeline.Http.Problems;

namespace Pipeline.Http.Bodies;

/// <summary>What can be wrong with a body before anyone looks into it.</summary>
internal static class BodyProblems
{
    public static Problem TooLarge(int maxBytes) =>
        Problem.TooLarge($"The body has more than {maxBytes} bytes (decompressed).");

    public static Problem TooFast() =>
        Problem.TooFast("The process has as many bytes in work as it may; send again in a moment.");

    public static Problem TooSlow(BodyLimits limits) => Problem.TooSlow(
        $"The body must not stop for {limits.Stall.TotalSeconds} s, nor take more than {limits.Total.TotalSeconds} s; "
        + "send less at a time. Nothing of it was taken.");

    public static Problem Damaged(string encoding) =>
        Problem.Malformed($"The {encoding} body is damaged or ends too early.");
}
