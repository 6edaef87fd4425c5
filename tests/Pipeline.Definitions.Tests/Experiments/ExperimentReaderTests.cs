using Pipeline.Definitions.Experiments;
using Xunit;

namespace Pipeline.Definitions.Tests.Experiments;

public sealed class ExperimentReaderTests
{
    [Fact]
    public void Faults_that_repeat_are_one_each_in_the_order_of_time()
    {
        var experiment = Read("""
            system: standalone
            load: { rate: 100, time: 20s, keys: 4, writers: 2 }
            faults:
              - { fault: kill, at: 2s, every: 5s, times: 3 }
              - { fault: lose-store, target: b, at: 4s, for: 1500ms }
            steady: { p99: 250ms, availability: 99, order: false }
            stop: { silent: 10s }
            """);

        Assert.Equal(
            [
                new ExperimentFault(FaultKind.Kill, "host", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)),
                new ExperimentFault(FaultKind.LoseStore, "b", TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(1.5)),
                new ExperimentFault(FaultKind.Kill, "host", TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(5)),
                new ExperimentFault(FaultKind.Kill, "host", TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(5)),
            ],
            experiment.Faults);
        Assert.Equal(new ExperimentLoad(100, TimeSpan.FromSeconds(20), 4, 2, 10), experiment.Load);
        Assert.Equal(new SteadyState(0, 0, false, TimeSpan.FromMilliseconds(250), 99), experiment.Steady);
        Assert.Equal(TimeSpan.FromSeconds(10), experiment.StopWhenSilent);
    }

    [Fact]
    public void What_is_not_said_is_a_standalone_host_that_must_lose_nothing()
    {
        var experiment = Read("faults: []");
        Assert.Equal(new ExperimentSystem(0, 0, 3, null), experiment.System);
        Assert.Equal(new SteadyState(0, 0, true, null, 0), experiment.Steady);
    }

    [Fact]
    public void A_cluster_has_silos_and_fronts_to_harm()
    {
        var experiment = Read("""
            system: { cluster: { silos: 2, fronts: 1, stores: 5, database: "Host=/tmp" } }
            faults: [ { fault: kill, target: silo-2, at: 1s }, { fault: stop, target: front-1, at: 2s } ]
            """);
        Assert.Equal(new ExperimentSystem(2, 1, 5, "Host=/tmp"), experiment.System);
        Assert.Equal(["silo-2", "front-1"], experiment.Faults.Select(static fault => fault.Target));
    }

    [Theory]
    [InlineData("system: laptop", "'system' must be 'standalone', or { cluster:")]
    [InlineData("system: { cluster: { silos: 3 } }", "lacks the field 'database'")]
    [InlineData("load: { rate: 0 }", "'rate' must be a whole number from 1 to 200000")]
    [InlineData("load: { time: 1ms }", "'time' must be a duration from 1s to 24h")]
    [InlineData("load: { writers: 9, keys: 8 }", "9 writers need as many keys")]
    [InlineData("faults: [ { fault: explode, at: 1s } ]", "There is no fault 'explode'")]
    [InlineData("faults: [ { fault: clock-jump, at: 1s } ]", "'clock-jump' is not built. There are: kill,")]
    [InlineData("faults: [ { fault: kill } ]", "A fault needs 'at'")]
    [InlineData("faults: [ { fault: kill, at: 31s } ]", "begins after the load has ended (30 s)")]
    [InlineData("faults: [ { fault: kill, at: 1s, times: 2 } ]", "with 'times' needs 'every'")]
    [InlineData("faults: [ { fault: kill, target: silo-1, at: 1s } ]", "There is no 'silo-1' to harm")]
    [InlineData("faults: [ { fault: lose-store, at: 1s } ]", "needs 'target', one of a, b, c")]
    [InlineData("faults: [ { fault: lose-store, target: d, at: 1s } ]", "'target' is one of a, b, c")]
    [InlineData("faults: [ { fault: restart-all, target: a, at: 1s } ]", "no 'target'")]
    [InlineData("faults: { kill: 1 }", "'faults' must be a list")]
    [InlineData("steady: { availability: 101 }", "'availability' must be a whole number from 0 to 100")]
    [InlineData("stop: { quiet: 1s }", "has no field 'quiet'")]
    [InlineData("stop: { silent: 0s }", "'silent' must be a duration of at least 1s")]
    [InlineData("faults: [ { fault: kill, at: 1s, every: 2s } ]", "with 'every' needs 'times'")]
    [InlineData("[]", "An experiment must be a mapping of fields")]
    [InlineData("faults: [ { fault: kill, at: 0s, every: 1ms, times: 1001 } ]", "whole number from 1 to 1000")]
    public void Each_mistake_says_what_to_write(string text, string error)
    {
        var read = ExperimentReader.Read(text, DefinitionVariables.None);
        Assert.Null(read.Experiment);
        Assert.Contains(read.Errors, found => found.Message.Contains(error, StringComparison.Ordinal));
    }

    private static Experiment Read(string text)
    {
        var read = ExperimentReader.Read(text, DefinitionVariables.None);
        Assert.Empty(read.Errors);
        return read.Experiment!;
    }
}
