using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Loads;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Acceptance;

/// <summary>kill -9 of the service and of the database under load.</summary>
public sealed class PostgresSinkTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Kills_of_the_service_and_the_database_leave_each_event_in_the_table_once_and_in_order()
    {
        await using var database = await PostgresCluster.StartAsync();
        await database.QueryAsync("CREATE TABLE kept (key text NOT NULL, seq bigint, place bigserial)");
        using var site = new Site();
        site.Variables["PG"] = database.ConnectionString;
        site.Variables["Pipeline__Definitions__Variables"] = "PG";
        site.Define("kept", LoadDefinitions.Table);
        var load = new KeyedLoad(site.Address, "readings", writers: 4, keysPerWriter: 8, batch: 50);
        await using var host = await SinkKills.RunAsync(site, load, database.StopAsync, database.StartAgainAsync);
        output.WriteLine($"{SinkKills.Kills} kills, {load.Accepted} events, {load.Refused.Count} requests repeated");
        await Eventually.GetAsync(
            async () => long.Parse((await database.QueryAsync("SELECT count(*) FROM kept"))[0],
                CultureInfo.InvariantCulture),
            count => count >= load.Accepted,
            SinkKills.Limit,
            "rows");
        var rows = await database.QueryAsync(
            "SELECT json_build_object('key', key, 'seq', seq) FROM kept ORDER BY place");
        await ExactlyOnce.HoldsAsync(
            rows.ToAsyncEnumerable().Select(static row => JsonNode.Parse(row)!), load.Sent);
    }
}
