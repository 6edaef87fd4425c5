using System.Diagnostics.Metrics;
using Pipeline.Monitoring.Alerts;
using Xunit;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>What a rule takes from the metrics.</summary>
public sealed class AlertRulesTests
{
    [Fact]
    public void A_repair_is_told_of_what_was_damaged_and_not_of_what_a_slow_store_had_missed()
    {
        var store = Guid.NewGuid().ToString();
        var counts = new Dictionary<string, long> { ["missing"] = 0, ["incomplete"] = 0, ["damaged"] = 0 };
        using var meter = new Meter("Pipeline.Tests");
        meter.CreateObservableCounter("pipeline.store.repairs", () => counts.Select(
            pair => new Measurement<long>(pair.Value, new("store", store), new("kind", pair.Key))));
        using var inputs = new AlertInputs(TimeProvider.System);
        var rule = AlertRules.All.Single(static rule => rule.Name == "repair");
        Assert.Equal([0], Look());

        (counts["missing"], counts["incomplete"]) = (7, 9);
        Assert.Equal([0], Look());

        counts["damaged"] = 2;
        Assert.Equal([2], Look());

        double[] Look()
        {
            inputs.Look();
            return [.. rule.Read(inputs).Where(one => one.Labels.Contains(new("store", store)))
                .Select(static one => one.Value)];
        }
    }
}
