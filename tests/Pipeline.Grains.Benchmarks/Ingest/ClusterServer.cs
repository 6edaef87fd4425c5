using Pipeline.Benchmarks.Ingest;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Benchmarks.Ingest;

/// <summary>A whole cluster, taken through its first front.</summary>
internal sealed class ClusterServer(ClusterSite site) : IMeasuredServer
{
    public string Name => "cluster";

    public int Port => site.Fronts[0].Port;

    public double ProcessorSeconds => site.Processes.Sum(static process => ProcessUse.ProcessorSeconds(process.Id));

    public double MemoryMiB => site.Processes.Sum(static process => ProcessUse.MemoryMiB(process.Id));
}
