using Orleans.Streams;
using Pipeline.Grains.Streaming;

namespace Pipeline.Grains.Tests.Streaming;

/// <summary>A stream whose batch observers are wrapped.</summary>
internal sealed class FaultyStream(
    IAsyncStream<LogEventBlock> inner,
    Func<IAsyncBatchObserver<LogEventBlock>, IAsyncBatchObserver<LogEventBlock>> wrap) : IAsyncStream<LogEventBlock>
{
    public bool IsRewindable => inner.IsRewindable;

    public string ProviderName => inner.ProviderName;

    public StreamId StreamId => inner.StreamId;

    public Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(
        IAsyncBatchObserver<LogEventBlock> observer) => inner.SubscribeAsync(wrap(observer));

    public Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(
        IAsyncBatchObserver<LogEventBlock> observer, StreamSequenceToken? token) =>
        inner.SubscribeAsync(wrap(observer), token);

    public Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(IAsyncObserver<LogEventBlock> observer) =>
        inner.SubscribeAsync(observer);

    public Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(
        IAsyncObserver<LogEventBlock> observer, StreamSequenceToken? token, string? filterData = null) =>
        inner.SubscribeAsync(observer, token, filterData);

    public Task<IList<StreamSubscriptionHandle<LogEventBlock>>> GetAllSubscriptionHandles() =>
        inner.GetAllSubscriptionHandles();

    public Task OnNextAsync(LogEventBlock item, StreamSequenceToken? token = null) => inner.OnNextAsync(item, token);

    public Task OnNextBatchAsync(IEnumerable<LogEventBlock> batch, StreamSequenceToken? token = null) =>
        inner.OnNextBatchAsync(batch, token);

    public Task OnCompletedAsync() => inner.OnCompletedAsync();

    public Task OnErrorAsync(Exception ex) => inner.OnErrorAsync(ex);

    public bool Equals(IAsyncStream<LogEventBlock>? other) => inner.Equals(other);

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<LogEventBlock>);

    public override int GetHashCode() => inner.GetHashCode();

    public int CompareTo(IAsyncStream<LogEventBlock>? other) => inner.CompareTo(other);
}
