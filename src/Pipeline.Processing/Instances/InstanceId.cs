using System.Text;
using Pipeline.Kernel.Identity;

namespace Pipeline.Processing.Instances;

/// <summary>
/// Names an instance for ever: the pipeline's incarnation, the stage or sink, the stream it reads (by number, since a
/// cursor means nothing in another stream) and the partition.
/// </summary>
internal sealed record InstanceId(long Incarnation, string Stage, long InputStream, int Partition)
{
    public BlobName Register => new($"registers/stages/{Incarnation}/{Name}/{Partition}");

    public string StatePrefix => $"state/{Incarnation}/{Name}/{Partition}";

    /// <summary>The instance as a producer.</summary>
    public Hash128 Producer =>
        Hash128.Of(Encoding.UTF8.GetBytes($"{Incarnation}\n{Stage}\n{InputStream}\n{Partition}"));

    /// <summary>By this the catalog remembers that the register is born.</summary>
    public string Birth => $"{Stage}/{InputStream}";

    /// <summary>Blob names have no upper case and few signs, stages' names do.</summary>
    private Hash128 Name => Hash128.Of(Encoding.UTF8.GetBytes($"{Stage}\n{InputStream}"));
}
