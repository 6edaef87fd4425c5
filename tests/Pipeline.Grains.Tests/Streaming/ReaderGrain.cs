using System.Text.Json;
using Orleans.Streams;
using Pipeline.Grains.Streaming;
using Pipeline.Grains.Tests.Silos;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Grains.Tests.Streaming;

/// <summary>A grain as a user would write it: reads a partition through the provider.</summary>
public interface IReaderGrain : IGrainWithStringKey
{
    /// <summary>Subscribes to a partition, at an offset; null: without a token.</summary>
    Task SubscribeAsync(string stream, string partition, long? from);

    /// <summary>Resumes the subscription at an offset; null: where it is.</summary>
    Task ResumeAsync(long? from);

    Task UnsubscribeAsync();

    /// <summary>The next <paramref name="times"/> blocks are refused.</summary>
    Task FailAsync(int times);

    /// <summary>Offset and number of each event that came, in order.</summary>
    Task<List<(long Offset, int Number)>> SeenAsync();

    /// <summary>What the subscription said went wrong.</summary>
    Task<List<string>> ErrorsAsync();

    /// <summary>The token of the last block that came, as it is after serialization.</summary>
    Task<StreamSequenceToken?> TokenAsync();

    /// <summary>Tries to write to the stream.</summary>
    Task ProduceAsync(string stream, string partition);

    Task EndAsync();
}

internal sealed class ReaderGrain : Grain, IReaderGrain, IAsyncObserver<LogEventBlock>
{
    private readonly List<(long Offset, int Number)> _seen = [];
    private readonly List<string> _errors = [];
    private StreamSubscriptionHandle<LogEventBlock>? _handle;
    private StreamSequenceToken? _token;
    private int _failures;

    public async Task SubscribeAsync(string stream, string partition, long? from) =>
        _handle = await Stream(stream, partition).SubscribeAsync(this, Token(from));

    public async Task ResumeAsync(long? from) => _handle = await _handle!.ResumeAsync(this, Token(from));

    public Task UnsubscribeAsync() => _handle!.UnsubscribeAsync();

    public Task FailAsync(int times)
    {
        _failures = times;
        return Task.CompletedTask;
    }

    public Task<List<(long Offset, int Number)>> SeenAsync() => Task.FromResult(_seen.ToList());

    public Task<List<string>> ErrorsAsync() => Task.FromResult(_errors.ToList());

    public Task<StreamSequenceToken?> TokenAsync() => Task.FromResult(_token);

    public Task ProduceAsync(string stream, string partition) => Stream(stream, partition).OnNextAsync(null!);

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task OnNextAsync(LogEventBlock item, StreamSequenceToken? token = null)
    {
        if (_failures > 0)
        {
            _failures--;
            throw new JsonException("not now");
        }

        Assert.Equal(token, item.Token);
        item.ForEach((long offset, long _, in RecordView record) =>
            _seen.Add((offset, EventValues.Number(record.Value))));
        _token = token;
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        _errors.Add(ex.Message);
        return Task.CompletedTask;
    }

    private static LogToken? Token(long? from) => from is { } offset ? LogToken.At(offset) : null;

    private IAsyncStream<LogEventBlock> Stream(string stream, string partition) =>
        this.GetStreamProvider("log").GetStream<LogEventBlock>(StreamId.Create(stream, partition));
}
