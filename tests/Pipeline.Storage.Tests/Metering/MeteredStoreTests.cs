using System.Diagnostics.Metrics;
using Pipeline.Storage.Metering;
using Pipeline.TestKit.Stores;

namespace Pipeline.Storage.Tests.Metering;

public sealed class MeteredStoreTests
{
    [Fact]
    public async Task Bytes_and_outcomes_are_counted_by_store_and_operation()
    {
        var seen = new List<string>();
        using var meter = new StoreMeter(new MeterScope());
        await using var source = new DecoratedSource(store => new MeteredStore(store, meter, TimeProvider.System));
        var store = await source.FormatAsync();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "pipeline.store.bytes")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, bytes, tags, _) =>
        {
            lock (seen)
            {
                seen.Add($"{string.Join(' ', tags.ToArray().Select(tag => tag.Value))} {bytes}");
            }
        });
        listener.Start();

        await store.PutAsync(new("measured"), new byte[12345], default, default);
        await store.GetAsync(new("measured"), default);

        Assert.Contains("1 put ok 12345", seen);
        Assert.Contains("1 get ok 12345", seen);
    }
}
