using Xunit;

namespace Pipeline.Http.Tests.Access;

/// <summary>
/// Tests that share one guarded service. Not beside others: the metrics of a process are those of all engines in it.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AccessGroup : ICollectionFixture<GuardedService>
{
    public const string Name = "access";
}
