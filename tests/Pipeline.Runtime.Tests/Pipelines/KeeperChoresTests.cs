using Pipeline.Replication.Registers;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Loops;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class KeeperChoresTests
{
    private readonly ManualLoop _loop = new();

    [Fact]
    public async Task A_chore_that_throws_is_told_and_tried_again_and_the_others_go_on()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var registers = new QuorumRegisters(stores.Set, _loop, new Random(1));
        var host = new PipelineHost
        {
            Loop = _loop,
            NewLoop = _ => _loop,
            Registers = registers,
            Stores = stores.Set,
            Partitions = new DriverPartitions(stores.Set, registers, () => _loop, new Random(2), new()),
            Draw = new Random(3),
            Settings = new PipelineSettings { DataDirectory = ".", TrimInterval = TimeSpan.FromSeconds(1) },
        };
        var (looks, isBroken) = (0, true);
        using var chores = new KeeperChores(host, () =>
        {
            looks++;
            return isBroken ? throw new InvalidOperationException("planned") : KeeperView.Empty;
        });
        _loop.Do(() => chores.Start());
        _loop.Advance(TimeSpan.FromSeconds(1));
        string[] looking = ["idle partitions", "quiet streams", "retention", "silent inputs"];
        Assert.Equal(looking, _loop.Supervisor.Failing.Select(part => part.Name));
        Assert.Equal(looking, _loop.Told.Select(fault => fault.Kind).Order());
        isBroken = false;
        _loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_loop.Supervisor.Failing);
        var before = looks;
        _loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(before + 4, looks);
        chores.Stop();
        _loop.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(before + 4, looks);
    }
}
