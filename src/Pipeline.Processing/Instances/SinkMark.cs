using System.Text;
using Pipeline.Kernel.Identity;

namespace Pipeline.Processing.Instances;

/// <summary>
/// What a sink keeps in its checkpoint in the place of a stage's state: which target it wrote last. A stage that takes
/// the name of a sink finds it there, and begins without state.
/// </summary>
internal static class SinkMark
{
    private static ReadOnlySpan<byte> Start => "sink:"u8;

    /// <param name="place">All that tells the target from others; it is not kept, its hash is.</param>
    public static byte[] Of(string place) => [.. Start, .. Encoding.UTF8.GetBytes(
        Hash128.Of(Encoding.UTF8.GetBytes(place)).ToString())];

    public static bool IsOne(ReadOnlySpan<byte> snapshot) => snapshot.StartsWith(Start);
}
