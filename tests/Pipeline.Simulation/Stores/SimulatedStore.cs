using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Stores;

/// <summary>A store as one process sees it over its link, bound to one incarnation.</summary>
public sealed class SimulatedStore(StoreId id, IStoreLink link) : IBlobStore
{
    private readonly SimulatedDisk _disk = link.Disk;

    public string Name => _disk.Name;

    public StoreId Id { get; } = id;

    public ValueTask<BlobContent> GetAsync(BlobName name, CancellationToken cancellationToken) =>
        GetRangeAsync(name, 0, int.MaxValue, cancellationToken);

    public ValueTask<BlobContent> GetRangeAsync(
        BlobName name, long position, int length, CancellationToken cancellationToken) => link.CallAsync(
            new StoreCall(StoreCallKind.Get, name.Value),
            () => _disk.Get(Id, name.Value, position, length),
            null,
            static (status, detail) => new BlobContent(status, Detail: detail),
            static content => content.Status,
            cancellationToken);

    public ValueTask<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        var copy = content.ToArray();
        return WriteAsync(
            new StoreCall(StoreCallKind.Put, name.Value, copy.Length),
            () => _disk.Put(Id, name.Value, copy, condition),
            null,
            cancellationToken);
    }

    public ValueTask<BlobOutcome> CreateAppendBlobAsync(BlobName name, CancellationToken cancellationToken) =>
        WriteAsync(
            new StoreCall(StoreCallKind.Create, name.Value),
            () => _disk.CreateAppendBlob(Id, name.Value),
            null,
            cancellationToken);

    public ValueTask<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken)
    {
        var buffer = new AppendBuffer(content, cancellationToken);
        return WriteAsync(
            new StoreCall(StoreCallKind.Append, name.Value, buffer.Length),
            () => _disk.Append(Id, name.Value, position, buffer.Check()),
            draw => _disk.Append(Id, name.Value, position, buffer.Tear(draw)),
            cancellationToken);
    }

    public ValueTask<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken) => WriteAsync(
        new StoreCall(StoreCallKind.Seal, name.Value),
        () => _disk.Seal(Id, name.Value),
        null,
        cancellationToken);

    public ValueTask<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken) => WriteAsync(
        new StoreCall(StoreCallKind.Delete, name.Value),
        () => _disk.Delete(Id, name.Value),
        null,
        cancellationToken);

    public ValueTask<BlobListing> ListAsync(string prefix, CancellationToken cancellationToken) => link.CallAsync(
        new StoreCall(StoreCallKind.List, prefix),
        () => _disk.List(Id, prefix),
        null,
        static (status, detail) => new BlobListing(status, [], detail),
        static listing => listing.Status,
        cancellationToken);

    internal static BlobOutcome Refuse(BlobStatus status, string detail) => new(status, Detail: detail);

    internal static BlobStatus StatusOf(BlobOutcome outcome) => outcome.Status;

    private ValueTask<BlobOutcome> WriteAsync(
        StoreCall call, Func<BlobOutcome> apply, Action<Random>? tear, CancellationToken cancellationToken) =>
        link.CallAsync(call, apply, tear, Refuse, StatusOf, cancellationToken);
}
