using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>The one instance of a pipeline that is to be made, and through what it reads its input.</summary>
internal sealed record OnlyInstance(InstanceAddress Address, Func<IPartition, IBlockSource> Source);
