using Pipeline.TestKit.Sinks;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

[Collection(nameof(PostgresTests))]
public sealed class PostgresSinkTests(PostgresPlaces places) : RefusingSinkContract
{
    protected override Task<ISinkPlace> PlaceAsync() => places.NumbersAsync();

    protected override async Task<ISinkHost> HostAsync() => await WorldSinkHost.OpenAsync(places.Variable);
}
