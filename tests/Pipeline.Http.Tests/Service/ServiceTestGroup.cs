using Xunit;

namespace Pipeline.Http.Tests.Service;

/// <summary>Tests that share one running service; each has streams, or keys, of its own.</summary>
[CollectionDefinition(Name)]
public sealed class ServiceTestGroup : ICollectionFixture<RunningService>
{
    public const string Name = "service";
}
