using System.Globalization;
using Pipeline.Kernel.Identity;
using Pipeline.Simulation.Worlds;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Stores;

/// <summary>
/// What lies in one slot, and the exact contract of <see cref="IBlobStore"/> over it: each method is one atomic,
/// durable step. How requests get here, late, twice unanswered or never, is the <see cref="IStoreLink"/>'s business.
/// </summary>
public sealed class SimulatedDisk(string name, PlantedBug bug = PlantedBug.None)
{
    private readonly SortedDictionary<string, StoredBlob> _blobs = new(StringComparer.Ordinal);
    private long _version;
    private int _appends;

    public string Name { get; } = name;

    public StoreCondition Condition { get; private set; } = StoreCondition.Blank;

    public StoreId Id { get; private set; }

    /// <summary>All blobs, for checkers and faults.</summary>
    public IReadOnlyDictionary<string, StoredBlob> Blobs => _blobs;

    public StoreProbe Probe() => new(Condition, Id);

    public BlobOutcome Identify(StoreId id)
    {
        if (Condition != StoreCondition.Blank)
        {
            return new BlobOutcome(BlobStatus.Conflict);
        }

        (Condition, Id) = (StoreCondition.Identified, id);
        return new BlobOutcome(BlobStatus.Ok);
    }

    /// <summary>A new incarnation in the place of <paramref name="former"/>: nothing of it is left in reach.</summary>
    public BlobOutcome ReplaceIdentity(StoreId former, StoreId id)
    {
        if (Condition == StoreCondition.Blank || Id != former)
        {
            return new BlobOutcome(BlobStatus.Conflict);
        }

        _blobs.Clear();
        (Condition, Id) = (StoreCondition.Identified, id);
        return new BlobOutcome(BlobStatus.Ok);
    }

    public BlobOutcome MarkFormatted(StoreId id)
    {
        if (!Holds(id))
        {
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        Condition = StoreCondition.Formatted;
        return new BlobOutcome(BlobStatus.Ok);
    }

    public BlobContent Get(StoreId id, string blob, long position = 0, long length = int.MaxValue)
    {
        if (!Holds(id))
        {
            return new BlobContent(BlobStatus.StoreLost);
        }

        if (!_blobs.TryGetValue(blob, out var found))
        {
            return new BlobContent(BlobStatus.NotFound);
        }

        var from = (int)Math.Min(position, found.Length);
        var bytes = found.Bytes.Slice(from, (int)Math.Min(length, found.Length - from)).ToArray();
        var etag = found.IsAppend ? default : Tag(found);
        return new BlobContent(BlobStatus.Ok, bytes, etag, found.Length, found.IsSealed);
    }

    public BlobOutcome Put(StoreId id, string blob, ReadOnlySpan<byte> content, PutCondition condition)
    {
        if (!Holds(id))
        {
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        _blobs.TryGetValue(blob, out var found);
        var holds = condition.Match is { } etag
            ? found is { IsAppend: false } && Tag(found) == etag
            : found is null;
        if (!holds && bug != PlantedBug.ConditionIsIgnored)
        {
            return new BlobOutcome(BlobStatus.Conflict);
        }

        if (found is null)
        {
            _blobs.Add(blob, found = new StoredBlob());
        }

        found.Replace(content);
        found.Version = ++_version;
        return new BlobOutcome(BlobStatus.Ok, Tag(found));
    }

    public BlobOutcome CreateAppendBlob(StoreId id, string blob)
    {
        if (!Holds(id))
        {
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        return _blobs.TryAdd(blob, new StoredBlob { IsAppend = true })
            ? new BlobOutcome(BlobStatus.Ok, Length: 0)
            : new BlobOutcome(BlobStatus.Conflict);
    }

    public BlobOutcome Append(StoreId id, string blob, long position, ReadOnlySpan<byte> content)
    {
        if (!Holds(id))
        {
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        if (!_blobs.TryGetValue(blob, out var found) || !found.IsAppend)
        {
            return new BlobOutcome(BlobStatus.NotFound);
        }

        if (found.IsSealed)
        {
            return new BlobOutcome(BlobStatus.Sealed, Length: found.Length);
        }

        if (found.IsPoisoned)
        {
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        if (found.Length != position)
        {
            return new BlobOutcome(BlobStatus.PositionMismatch, Length: found.Length);
        }

        if (bug == PlantedBug.AppendIsForgotten && ++_appends % 50 == 0)
        {
            return new BlobOutcome(BlobStatus.Ok, Length: found.Length + content.Length);
        }

        found.Append(content);
        return new BlobOutcome(BlobStatus.Ok, Length: found.Length);
    }

    public BlobOutcome Seal(StoreId id, string blob)
    {
        if (!Holds(id))
        {
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        if (!_blobs.TryGetValue(blob, out var found))
        {
            _blobs.Add(blob, found = new StoredBlob { IsAppend = true });
        }

        found.IsSealed = bug != PlantedBug.SealIsIgnored;
        return new BlobOutcome(BlobStatus.Ok, Length: found.Length);
    }

    public BlobOutcome Delete(StoreId id, string blob)
    {
        if (!Holds(id))
        {
            return new BlobOutcome(BlobStatus.StoreLost);
        }

        _blobs.Remove(blob);
        return new BlobOutcome(BlobStatus.Ok);
    }

    public BlobListing List(StoreId id, string prefix)
    {
        if (!Holds(id))
        {
            return new BlobListing(BlobStatus.StoreLost, []);
        }

        var items = new List<BlobListItem>();
        foreach (var (blob, found) in _blobs)
        {
            if (blob.StartsWith(prefix, StringComparison.Ordinal))
            {
                items.Add(new BlobListItem(new BlobName(blob), found.Length));
            }
        }

        return new BlobListing(BlobStatus.Ok, items);
    }

    /// <summary>Fault: the directory or container is gone, with all that lay in it.</summary>
    public void Lose()
    {
        if (bug == PlantedBug.StoreForgets)
        {
            foreach (var blob in _blobs.Values)
            {
                blob.GoBack();
                blob.Version = ++_version;
            }

            return;
        }

        _blobs.Clear();
        (Condition, Id) = (StoreCondition.Blank, default);
    }

    private static ETag Tag(StoredBlob blob) => new(blob.Version.ToString(CultureInfo.InvariantCulture));

    private bool Holds(StoreId id) => Condition != StoreCondition.Blank && Id == id;
}
