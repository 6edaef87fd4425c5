using System.Diagnostics.CodeAnalysis;
using Pipeline.Benchmarks.Ingest;

/// <summary>
/// Loaded into a measured server by DOTNET_STARTUP_HOOKS, whatever its build: the name and the absence of a namespace
/// are the runtime's contract (dotnet/runtime, docs/design/features/host-startup-hook.md).
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "The runtime looks for it there.")]
internal static class StartupHook
{
    public static void Initialize() => AllocationProbe.Write();
}
