namespace Pipeline.Processing.Instances;

/// <summary>Names a stage or sink instance in a cluster, and what it is to run.</summary>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Stage">The group or sink.</param>
/// <param name="InputStream">The number of the stream it reads.</param>
/// <param name="Partition">The partition it reads.</param>
/// <param name="Definition">
/// The hash of what it runs: incarnation, generation and the producers it waits for. An instance of another definition
/// is not this one.
/// </param>
public sealed record InstanceAddress(
    string Pipeline, string Stage, long InputStream, int Partition, string Definition);
