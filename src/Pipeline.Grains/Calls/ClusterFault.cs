
namespace Pipeline.Grains.Calls;

/// <summary>What a call ends with where a silo dies, or is slow: whether it ran is not known.</summary>
internal static class ClusterFault
{
    public static bool Is(Exception fault) => fault is OrleansException or TimeoutException or IOException;
}
