using Orleans.Streams;

namespace Pipeline.Grains.Streaming;

/// <summary>A subscription at work, until it is given up or its activation ends. Resuming it ends it.</summary>
internal sealed class LogSubscription : StreamSubscriptionHandle<LogEventBlock>
{
    private readonly LogStream _stream;
    private readonly LogPull _pull;

    private LogSubscription(LogStream stream, LogPull pull) => (_stream, _pull) = (stream, pull);

    public override StreamId StreamId => _stream.StreamId;

    public override string ProviderName => _stream.ProviderName;

    public override Guid HandleId { get; } = Guid.NewGuid();

    /// <summary>To be called where the observer is to be called.</summary>
    public static LogSubscription Start(LogStream stream, LogPull pull)
    {
        pull.Start();
        return new LogSubscription(stream, pull);
    }

    /// <summary>No delivery begins after this.</summary>
    public override Task UnsubscribeAsync()
    {
        _pull.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Goes on at a token; without one, after the last block that the observer took.</summary>
    public override Task<StreamSubscriptionHandle<LogEventBlock>> ResumeAsync(
        IAsyncObserver<LogEventBlock> observer, StreamSequenceToken? token = null) =>
        ResumeAsync(new OneByOne(observer), token);

    public override Task<StreamSubscriptionHandle<LogEventBlock>> ResumeAsync(
        IAsyncBatchObserver<LogEventBlock> observer, StreamSequenceToken? token = null)
    {
        _pull.Dispose();
        return _stream.SubscribeAsync(observer, token ?? _pull.Taken);
    }

    public override bool Equals(StreamSubscriptionHandle<LogEventBlock>? other) => other?.HandleId == HandleId;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<LogEventBlock>);

    public override int GetHashCode() => HandleId.GetHashCode();
}
