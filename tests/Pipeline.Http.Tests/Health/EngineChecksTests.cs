using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Http.Health;
using Pipeline.Http.Tests.Connections;
using Pipeline.Runtime.Engine;
using Xunit;

namespace Pipeline.Http.Tests.Health;

public sealed class EngineChecksTests
{
    private static readonly EngineHealth Good = new(
        EngineState.Running, true, [Store("1"), Store("2"), Store("3")], 4, 4, null);

    [Fact]
    public void All_is_well() => Assert.Equal(HealthStatus.Ok, Of(Good));

    [Fact]
    public void A_store_lost_degrades_and_a_majority_lost_fails()
    {
        var one = Good with { Stores = [Store("1"), Store("2"), Store("3", "it does not answer")] };
        var two = Good with { Stores = [Store("1"), Store("2", "full"), Store("3", "it does not answer")] };

        Assert.Equal(HealthStatus.Degraded, Of(one));
        Assert.Contains(
            EngineChecks.Ready(one, true),
            static check => check is { Name: "store 3", Status: HealthStatus.Degraded, Reason: "it does not answer" });
        Assert.Equal(HealthStatus.Failed, Of(two));
    }

    [Theory]
    [InlineData(EngineState.Starting)]
    [InlineData(EngineState.Stopped)]
    [InlineData(EngineState.Fenced)]
    [InlineData(EngineState.Refused)]
    public void An_engine_that_does_not_run_fails(EngineState state)
    {
        var health = Good with { State = state, IsAccepting = false, Detail = "why" };

        Assert.Equal(HealthStatus.Failed, Of(health));
        Assert.Equal(
            state is EngineState.Fenced or EngineState.Refused ? HealthStatus.Failed : HealthStatus.Ok,
            HealthBoard.StatusOf(EngineChecks.Live(health)));
    }

    [Fact]
    public void Partitions_and_definitions_that_are_missing_fail()
    {
        Assert.Equal(HealthStatus.Failed, Of(Good with { IsAccepting = false, Detail = "not serving: x-1" }));
        Assert.Equal(HealthStatus.Failed, HealthBoard.StatusOf(EngineChecks.Ready(Good, false)));
        Assert.Equal(HealthStatus.Failed, HealthBoard.StatusOf(EngineChecks.Startup(Good, false)));
    }

    [Fact]
    public void A_check_is_as_it_is_since_its_status_changed()
    {
        var time = new HandClock();
        var board = new HealthBoard(time);
        board.Note([new CheckResult("a", HealthStatus.Ok, null)]);
        time.Pass(10);
        board.Note([new CheckResult("a", HealthStatus.Failed, "one")]);
        time.Pass(10);
        var shown = Written(board, [new CheckResult("a", HealthStatus.Failed, "two")]);

        Assert.Equal("failed", (string?)shown["status"]);
        Assert.Equal("two", (string?)shown["checks"]![0]!["reason"]);
        Assert.Equal("2026-01-01T00:00:10.0000000Z", (string?)shown["checks"]![0]!["since"]);
    }

    private static JsonNode Written(HealthBoard board, IReadOnlyList<CheckResult> checks)
    {
        var to = new MemoryStream();
        using (var json = new Utf8JsonWriter(to))
        {
            json.WriteStartObject();
            board.Write(json, checks);
            json.WriteEndObject();
        }

        return JsonNode.Parse(Encoding.UTF8.GetString(to.ToArray()))!;
    }

    private static HealthStatus Of(EngineHealth health) => HealthBoard.StatusOf(EngineChecks.Ready(health, true));

    private static StoreHealth Store(string name, string? detail = null) => new(name, null, detail is null, detail);
}
