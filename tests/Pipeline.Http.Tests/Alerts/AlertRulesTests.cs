using System.Diagnostics.Metrics;
using Pipeline.Monitoring.Alerts;
using Pipeline.Storage.Metering;
using Xunit;

namespace Pipeline.Http.Tests.Alerts;

/// <summary>What a rule takes from the metrics.</summary>
public sealed class AlertRulesTests
{
    /// <summary>What a stage refused before anybody looked counts; counted elsewhere it may be old.</summary>
    [Theory]
    [InlineData(true, 3, 4)]
    [InlineData(false, 0, 1)]
    public void What_was_counted_before_the_first_look_counts_where_it_is_new(bool isOwn, double first, double second)
    {
        var (stage, count) = (Guid.NewGuid().ToString(), 3L);
        var scope = new MeterScope();
        using var meter = scope.NewMeter("Pipeline.Tests");
        var tag = new KeyValuePair<string, object?>("stage", stage);
        meter.CreateObservableCounter("pipeline.dead_letters", () => new Measurement<long>(count, tag));
        using var inputs = new AlertInputs(scope, TimeProvider.System, isOwn);
        var rule = AlertRules.All.Single(static rule => rule.Name == "dead-letters");
        Assert.Equal(first, Look());
        Assert.Equal(first, Look());
        count++;
        Assert.Equal(second, Look());

        double Look()
        {
            inputs.Look();
            return rule.Read(inputs).Single(one => one.Labels.Contains(new("stage", stage))).Value;
        }
    }

    [Fact]
    public void A_repair_is_told_of_what_was_damaged_and_not_of_what_a_slow_store_had_missed()
    {
        var store = Guid.NewGuid().ToString();
        var counts = new Dictionary<string, long> { ["missing"] = 0, ["incomplete"] = 0, ["damaged"] = 0 };
        var scope = new MeterScope();
        using var meter = scope.NewMeter("Pipeline.Tests");
        meter.CreateObservableCounter("pipeline.store.repairs", () => counts.Select(
            pair => new Measurement<long>(pair.Value, new("store", store), new("kind", pair.Key))));
        using var inputs = new AlertInputs(scope, TimeProvider.System, isOwn: false);
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
