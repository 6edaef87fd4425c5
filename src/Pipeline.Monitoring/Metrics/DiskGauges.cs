using System.Diagnostics.Metrics;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// Room on the disks of the stores that are directories (meter Pipeline.Disks); a store that is gone has none.
/// </summary>
internal sealed class DiskGauges : IDisposable
{
    private readonly Meter _meter;
    private readonly DirectorySlot[] _slots;

    public DiskGauges(MeterScope scope, IEnumerable<IStoreSlot> slots)
    {
        _meter = scope.NewMeter("Pipeline.Disks");
        _slots = [.. slots.OfType<DirectorySlot>()];
        Add("pipeline.store.disk_free", "Bytes free on the store's disk.", static disk => disk.AvailableFreeSpace);
        Add("pipeline.store.disk_size", "Bytes of the store's disk.", static disk => disk.TotalSize);
    }

    public void Dispose() => _meter.Dispose();

    private void Add(string name, string help, Func<DriveInfo, long> value) =>
        _meter.CreateObservableGauge(name, () => Read(value), "By", help);

    private IEnumerable<Measurement<long>> Read(Func<DriveInfo, long> value)
    {
        foreach (var slot in _slots)
        {
            if (TryRead(slot.Root, value) is { } bytes)
            {
                yield return new Measurement<long>(bytes, new KeyValuePair<string, object?>("store", slot.Name));
            }
        }
    }

    private static long? TryRead(string folder, Func<DriveInfo, long> value)
    {
        try
        {
            return Directory.Exists(folder) ? value(new DriveInfo(folder)) : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
