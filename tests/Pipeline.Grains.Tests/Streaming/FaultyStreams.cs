using Orleans.Streams;
using Pipeline.Grains.Streaming;

namespace Pipeline.Grains.Tests.Streaming;

/// <summary>
/// A transport that loses deliveries, repeats them and changes their order, between the provider and who subscribed.
/// </summary>
/// <param name="inner">The provider.</param>
/// <param name="isOftenFaulty">Four of seven deliveries; else those only that are asked for.</param>
internal sealed class FaultyStreams(IStreamProvider inner, bool isOftenFaulty) : IStreamProvider
{
    private int _delivered;
    private int _lost;
    private int _repeated;
    private int _reordered;
    private int _subscriptions;

    /// <summary>The faults made of each kind, and the subscriptions made.</summary>
    public (int Lost, int Repeated, int Reordered, int Subscriptions) Counts =>
        (_lost, _repeated, _reordered, _subscriptions);

    /// <summary>The next delivery with blocks in it is lost.</summary>
    public bool LosesTheNext { get; set; }

    private bool IsFaulty => isOftenFaulty || LosesTheNext;

    public string Name => inner.Name;

    public bool IsRewindable => inner.IsRewindable;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) =>
        inner.GetStream<T>(streamId) is IAsyncStream<LogEventBlock> stream
        ? (IAsyncStream<T>)(object)new FaultyStream(stream, Wrap)
        : throw new ArgumentException("not a log stream", nameof(streamId));

    private FaultyObserver Wrap(IAsyncBatchObserver<LogEventBlock> observer)
    {
        Interlocked.Increment(ref _subscriptions);
        return new FaultyObserver(observer, this);
    }

    private sealed class FaultyObserver(IAsyncBatchObserver<LogEventBlock> observer, FaultyStreams faults)
        : IAsyncBatchObserver<LogEventBlock>
    {
        private IList<SequentialItem<LogEventBlock>>? _late;

        public async Task OnNextAsync(IList<SequentialItem<LogEventBlock>> items)
        {
            if (items.Count == 0 || !faults.IsFaulty)
            {
                await observer.OnNextAsync(items);
                return;
            }

            if (faults.LosesTheNext)
            {
                faults.LosesTheNext = false;
                Interlocked.Increment(ref faults._lost);
                return;
            }

            switch (Interlocked.Increment(ref faults._delivered) % 7)
            {
                case 2:
                    Interlocked.Increment(ref faults._lost);
                    return;
                case 4:
                    Interlocked.Increment(ref faults._repeated);
                    await observer.OnNextAsync(items);
                    await observer.OnNextAsync(items);
                    break;
                case 5:
                    // Comes after the next one.
                    Interlocked.Increment(ref faults._reordered);
                    _late = items;
                    return;
                case 6 when items.Count > 1:
                    Interlocked.Increment(ref faults._reordered);
                    await observer.OnNextAsync([.. items.Reverse()]);
                    break;
                default:
                    await observer.OnNextAsync(items);
                    break;
            }

            if (_late is { } late)
            {
                _late = null;
                await observer.OnNextAsync(late);
            }
        }

        public Task OnErrorAsync(Exception ex) => observer.OnErrorAsync(ex);
    }
}
