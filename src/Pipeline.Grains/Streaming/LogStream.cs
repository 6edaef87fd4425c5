using Orleans.Streams;

namespace Pipeline.Grains.Streaming;

/// <summary>A partition as a stream to subscribe to; events come in by HTTP and from stages.</summary>
internal sealed class LogStream(
    LogStreamKey key, StreamId streamId, LogStreamSources sources, LogStreamHost host) : IAsyncStream<LogEventBlock>
{
    public bool IsRewindable => true;

    public string ProviderName => LogStreamProvider.ProviderName;

    public StreamId StreamId => streamId;

    public Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(IAsyncObserver<LogEventBlock> observer) =>
        SubscribeAsync(observer, null);

    /// <summary>No token: from the first event that is kept.</summary>
    public Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(
        IAsyncObserver<LogEventBlock> observer, StreamSequenceToken? token, string? filterData = null) =>
        filterData is null
            ? SubscribeAsync(new OneByOne(observer), token)
            : throw new NotSupportedException("A log stream has no filters: subscribe to what a stage has filtered.");

    public Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(
        IAsyncBatchObserver<LogEventBlock> observer) => SubscribeAsync(observer, null);

    public async Task<StreamSubscriptionHandle<LogEventBlock>> SubscribeAsync(
        IAsyncBatchObserver<LogEventBlock> observer, StreamSequenceToken? token)
    {
        var from = token as LogToken ?? (token is null ? LogToken.First : throw new ArgumentException(
            $"A log stream's place is a {nameof(LogToken)}, not {token.GetType().Name}; of an offset: "
            + $"{nameof(LogToken)}.{nameof(LogToken.At)}(offset).",
            nameof(token)));
        var source = await sources.OpenAsync(key);
        return LogSubscription.Start(this, new LogPull(source, host, from, observer));
    }

    /// <summary>None: no subscription outlives the activation that made it, and that has its handle.</summary>
    public Task<IList<StreamSubscriptionHandle<LogEventBlock>>> GetAllSubscriptionHandles() =>
        Task.FromResult<IList<StreamSubscriptionHandle<LogEventBlock>>>([]);

    public Task OnNextAsync(LogEventBlock item, StreamSequenceToken? token = null) => throw ReadOnly();

    public Task OnNextBatchAsync(IEnumerable<LogEventBlock> batch, StreamSequenceToken? token = null) =>
        throw ReadOnly();

    public Task OnCompletedAsync() => throw ReadOnly();

    public Task OnErrorAsync(Exception ex) => throw ReadOnly();

    public bool Equals(IAsyncStream<LogEventBlock>? other) => other is LogStream && streamId.Equals(other.StreamId);

    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<LogEventBlock>);

    public override int GetHashCode() => streamId.GetHashCode();

    public int CompareTo(IAsyncStream<LogEventBlock>? other) =>
        string.CompareOrdinal(streamId.ToString(), other?.StreamId.ToString());

    private NotSupportedException ReadOnly() => new(
        $"Log streams are read only. Events for {key.Id.Stream} are taken by POST /v1/streams/{key.Id.Stream}/events, "
        + "where their key and their handle decide where they go and that they are there once.");
}
