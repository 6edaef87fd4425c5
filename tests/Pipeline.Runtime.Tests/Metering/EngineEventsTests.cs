using System.Diagnostics.Metrics;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Scrubbing;
using Pipeline.Runtime.Metering;
using Pipeline.Storage.Metering;
using Xunit;

namespace Pipeline.Runtime.Tests.Metering;

public sealed class EngineEventsTests
{
    [Fact]
    public void Copies_that_were_put_right_are_counted_by_store_and_by_what_was_wrong()
    {
        var store = Guid.NewGuid().ToString();
        using var events = new EngineEvents(new MeterScope(), TimeProvider.System);
        events.Know([store]);
        Assert.Equal(["damaged 0", "incomplete 0", "missing 0"], Read(store));

        events.Take(Report(
            store,
            new Finding(FindingKind.Damaged, store, new BlobName("a")) { IsRepaired = true },
            new Finding(FindingKind.Damaged, store, new BlobName("b")),
            new Finding(FindingKind.Missing, store, new BlobName("c")) { IsRepaired = true },
            new Finding(FindingKind.Missing, store, new BlobName("d")) { IsRepaired = true },
            new Finding(FindingKind.Missing, "another", new BlobName("d")) { IsRepaired = true },
            new Finding(FindingKind.Orphan, store, new BlobName("e")) { IsRepaired = true }));
        events.Take(Report(store, new Finding(FindingKind.Incomplete, store, new BlobName("f")) { IsRepaired = true }));
        Assert.Equal(["damaged 1", "incomplete 1", "missing 2"], Read(store));
    }

    private static VerifyReport Report(string store, params Finding[] findings) => new()
    {
        Stores = [store],
        Registers = 0,
        Logs = 0,
        ClosedSegments = 0,
        ClosedBytes = 0,
        OpenSegments = 0,
        Findings = findings,
    };

    private static List<string> Read(string store)
    {
        var read = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Name == "pipeline.store.repairs")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => (string)tag.Value!);
            if (all["store"] == store)
            {
                read.Add($"{all["kind"]} {value}");
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        read.Sort(StringComparer.Ordinal);
        return read;
    }
}
