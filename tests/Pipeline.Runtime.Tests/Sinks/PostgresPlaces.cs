using System.Globalization;
using Pipeline.TestKit.Programs;
using Pipeline.TestKit.Sinks;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>
/// One PostgreSQL for all tests of tables, which run one after the other; each has a schema of its own.
/// </summary>
public sealed class PostgresPlaces : IAsyncLifetime
{
    private int _made;

    public PostgresCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await PostgresCluster.StartAsync();

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();

    /// <summary>A schema of its own, and in it what the script makes; <c>SCHEMA</c> stands for its name.</summary>
    public async Task<string> MakeAsync(string script)
    {
        var schema = string.Create(CultureInfo.InvariantCulture, $"s{++_made}");
        await Cluster.QueryAsync(
            $"CREATE SCHEMA {schema};" + script.Replace("SCHEMA", schema, StringComparison.Ordinal));
        return schema;
    }

    /// <summary>What definitions may look up: the way to the database.</summary>
    public string? Variable(string name) => name == "PG" ? Cluster.ConnectionString : null;

    /// <summary>A table that numbers its rows as they are written.</summary>
    public async Task<ISinkPlace> NumbersAsync() => new Place(
        Cluster, await MakeAsync("CREATE TABLE SCHEMA.numbers (n bigint NOT NULL, place bigserial)"));

    private sealed class Place(PostgresCluster cluster, string schema) : ISinkPlace
    {
        public string Yaml => $$"""postgres: { connection: "${PG}", table: {{schema}}.numbers }""";

        public async Task<IReadOnlyList<long>> NumbersAsync() =>
            [.. (await cluster.QueryAsync($"SELECT n FROM {schema}.numbers ORDER BY place"))
                .Select(static row => long.Parse(row, CultureInfo.InvariantCulture))];

        public Task StopAsync() => cluster.StopAsync();

        public Task StartAgainAsync() => cluster.StartAgainAsync();
    }
}

[CollectionDefinition(nameof(PostgresTests))]
public sealed class PostgresTests : ICollectionFixture<PostgresPlaces>;
