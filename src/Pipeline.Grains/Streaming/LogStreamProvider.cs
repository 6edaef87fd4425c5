using Orleans.Streams;

namespace Pipeline.Grains.Streaming;

/// <summary>
/// The stream provider "log": a stream is a partition. Consumer-driven: a subscription lives in the activation that
/// made it, starts at its token, and pulls blocks from wherever the partition is served.
/// </summary>
internal sealed class LogStreamProvider(LogStreamSources sources, LogStreamHost host) : IStreamProvider
{
    public const string ProviderName = "log";

    public string Name => ProviderName;

    public bool IsRewindable => true;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) =>
        new LogStream(LogStreamKey.Parse(streamId), streamId, sources, host) is IAsyncStream<T> stream
            ? stream
            : throw new ArgumentException(
                $"A log stream gives {nameof(LogEventBlock)}, not {typeof(T).Name}: "
                + $"GetStream<{nameof(LogEventBlock)}>({streamId}).");
}
