using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using Pipeline.Grains.Streaming;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Tests.Streaming;

public sealed class LogPullTests : IDisposable
{
    private static readonly LogStreamHost Host =
        new(new ServiceCollection().BuildServiceProvider(), TimeProvider.System);

    private readonly EndlessSource _source = new();
    private readonly SlowObserver _observer = new();
    private readonly LogPull _pull;

    public LogPullTests() => _pull = new LogPull(_source, Host, LogToken.First, _observer);

    public void Dispose() => _pull.Dispose();

    [Fact]
    public async Task While_the_observer_is_slow_one_batch_waits_and_nothing_more_is_read()
    {
        _pull.Start();
        for (var taken = 0; taken < 5; taken++)
        {
            await _observer.DeliveredAsync();
            await _source.ReadAsync(taken + 2);
            await Task.Delay(50);
            Assert.Equal(taken + 2, _source.Reads);
            _observer.Go();
        }
    }

    [Fact]
    public async Task After_its_end_nothing_is_read_and_nothing_delivered()
    {
        _pull.Start();
        await _observer.DeliveredAsync();
        await _source.ReadAsync(2);
        _pull.Dispose();
        _observer.Go();
        await Task.Delay(50);
        Assert.Equal((2, 1), (_source.Reads, _observer.Deliveries));
    }

    [Fact]
    public async Task A_read_that_waits_ends_with_the_subscription()
    {
        _source.IsEmpty = true;
        _pull.Start();
        await _source.ReadAsync(1);
        _pull.Dispose();
        await _source.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(1, _source.Reads);
    }

    /// <summary>Has a block for every read, or lets it wait for ever.</summary>
    private sealed class EndlessSource : IBlockSource
    {
        private volatile int _reads;

        public int Reads => _reads;

        public bool IsEmpty { get; set; }

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public PartitionId Id => new(new StreamName("s"), 0);

        public PartitionStatus Status => default;

        public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _reads);
            if (IsEmpty)
            {
                using var ended = cancellationToken.Register(Cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            var position = new LogPosition(0, (request.After?.Block ?? -1) + 1);
            return new ReadOutcome(ReadStatus.Ok) { Blocks = [new LogBlock(position, request.From, 1, default)] };
        }

        public async Task ReadAsync(int reads)
        {
            for (var i = 0; i < 500 && Reads < reads; i++)
            {
                await Task.Delay(10);
            }

            Assert.True(Reads >= reads, $"{Reads} reads");
        }
    }

    /// <summary>Takes one batch whenever it is told to go.</summary>
    private sealed class SlowObserver : IAsyncBatchObserver<LogEventBlock>
    {
        private readonly Channel<int> _delivered = Channel.CreateUnbounded<int>();
        private readonly Channel<int> _go = Channel.CreateUnbounded<int>();

        public int Deliveries { get; private set; }

        public async Task DeliveredAsync() =>
            await _delivered.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));

        public void Go() => Assert.True(_go.Writer.TryWrite(0));

        public async Task OnNextAsync(IList<SequentialItem<LogEventBlock>> items)
        {
            Deliveries++;
            Assert.True(_delivered.Writer.TryWrite(Deliveries));
            await _go.Reader.ReadAsync();
        }

        public Task OnErrorAsync(Exception ex) => throw ex;
    }
}
