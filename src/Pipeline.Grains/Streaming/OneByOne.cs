using Orleans.Streams;

namespace Pipeline.Grains.Streaming;

/// <summary>Gives blocks to an observer one by one; after a failure, from the one that failed on.</summary>
internal sealed class OneByOne(IAsyncObserver<LogEventBlock> observer) : IAsyncBatchObserver<LogEventBlock>
{
    private StreamSequenceToken? _last;

    public async Task OnNextAsync(IList<SequentialItem<LogEventBlock>> items)
    {
        foreach (var item in items)
        {
            if (_last is null || item.Token.CompareTo(_last) > 0)
            {
                await observer.OnNextAsync(item.Item, item.Token);
                _last = item.Token;
            }
        }
    }

    public Task OnErrorAsync(Exception ex) => observer.OnErrorAsync(ex);
}
