using Pipeline.Kernel.Identity;
using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Faults;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Stores;
using Pipeline.Simulation.Tracing;
using Pipeline.Storage.Blobs;
using Xunit;

namespace Pipeline.Simulation.Tests;

public sealed class SimulatedStoreTests
{
    private static readonly StoreId Id = new(7);
    private static readonly BlobName Blob = new("logs/1/0/1-0");
    private readonly EventQueue _queue = new(1, new Trace());
    private readonly SimulatedDisk _disk = new("a");
    private readonly StoreWeather _weather;
    private readonly SimulatedNode _node;
    private readonly SimulatedStore _store;

    public SimulatedStoreTests()
    {
        _weather = new StoreWeather(_queue, 1);
        _node = new SimulatedNode(0, _queue, 1);
        _store = new SimulatedStore(Id, new SimulatedLink(_node, _disk, _weather));
        _disk.Identify(Id);
        _disk.MarkFormatted(Id);
        _disk.CreateAppendBlob(Id, Blob.Value);
    }

    [Fact]
    public void An_append_takes_virtual_time_and_is_there()
    {
        Assert.Equal(BlobStatus.Ok, Append(0, "hello"));
        Assert.Equal(5, _disk.Blobs[Blob.Value].Length);
        Assert.True(_queue.Now > 0);
    }

    [Fact]
    public void A_lost_acknowledgement_hides_an_append_that_happened()
    {
        _weather.AckLostPerMille = 1000;
        Assert.Equal(BlobStatus.Unavailable, Append(0, "hello"));
        _weather.Heal();
        Assert.Equal(BlobStatus.PositionMismatch, Append(0, "hello"));
    }

    [Fact]
    public void A_frozen_store_answers_only_after_it_thaws()
    {
        _weather.Freeze();
        var answer = Start(0, "hello");
        Assert.False(_queue.RunUntil(() => answer() is not null, TimeSpan.FromSeconds(10).Ticks));
        _weather.Thaw();
        Assert.True(_queue.RunUntil(() => answer() is not null));
        Assert.Equal(BlobStatus.Ok, answer());
    }

    [Fact]
    public void A_lost_store_says_so_under_its_old_identity()
    {
        _disk.Lose();
        Assert.Equal(BlobStatus.StoreLost, Append(0, "hello"));
        Assert.Equal(StoreCondition.Blank, _disk.Probe().Condition);
    }

    [Fact]
    public void A_failed_fsync_poisons_the_copy()
    {
        _weather.SyncFailedPerMille = 1000;
        Assert.Equal(BlobStatus.StoreLost, Append(0, "hello"));
        _weather.Heal();
        Assert.Equal(BlobStatus.StoreLost, Append(_disk.Blobs[Blob.Value].Length, "hello"));
    }

    [Fact]
    public void What_a_crashed_process_sent_lands_whole_in_part_or_not_at_all()
    {
        var lengths = new HashSet<int>();
        for (var seed = 0; seed < 100; seed++)
        {
            var node = new SimulatedNode(seed, _queue, seed);
            var blob = new BlobName($"logs/1/0/1-{seed + 1}");
            _disk.CreateAppendBlob(Id, blob.Value);
            var store = new SimulatedStore(Id, new SimulatedLink(node, _disk, _weather));
            node.NewLoop("a").Post(async _ => await store.AppendAsync(blob, 0, ["hello"u8.ToArray()], default), null);
            _queue.RunOne();
            node.Crash();
            while (_queue.RunOne())
            {
            }

            lengths.Add(_disk.Blobs[blob.Value].Length);
        }

        Assert.Superset(new HashSet<int> { 0, 1, 2, 3, 4, 5 }, lengths);
    }

    private BlobStatus? Append(long position, string text)
    {
        var answer = Start(position, text);
        _queue.RunUntil(() => answer() is not null);
        return answer();
    }

    private Func<BlobStatus?> Start(long position, string text)
    {
        BlobStatus? status = null;
        _node.NewLoop("a").Post(_ => Drive(), null);
        return () => status;

        async void Drive()
        {
            var bytes = System.Text.Encoding.UTF8.GetBytes(text);
            status = (await _store.AppendAsync(Blob, position, [bytes], default)).Status;
        }
    }
}
