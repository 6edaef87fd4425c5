using Pipeline.Processing.Sinks;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>The machine's disk, to put something before one of its calls.</summary>
internal abstract class DelegatingFiles : ISinkFiles
{
    private readonly SinkDirectory _disk = new();

    public ValueTask<string> ResolveAsync(string path, CancellationToken cancellationToken) =>
        _disk.ResolveAsync(path, cancellationToken);

    public ValueTask CreateAsync(string directory, CancellationToken cancellationToken) =>
        _disk.CreateAsync(directory, cancellationToken);

    public ValueTask<string?> ReadClaimAsync(string directory, CancellationToken cancellationToken) =>
        _disk.ReadClaimAsync(directory, cancellationToken);

    public ValueTask<string> ClaimAsync(string directory, string claim, CancellationToken cancellationToken) =>
        _disk.ClaimAsync(directory, claim, cancellationToken);

    public ValueTask OpenAsync(
        string directory, int partition, SinkActivation activation, CancellationToken cancellationToken) =>
        _disk.OpenAsync(directory, partition, activation, cancellationToken);

    public virtual ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
        _disk.ListAsync(directory, cancellationToken);

    public ValueTask<long> CountLinesAsync(string directory, string name, CancellationToken cancellationToken) =>
        _disk.CountLinesAsync(directory, name, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string directory, string name, long position, int length, CancellationToken cancellationToken) =>
        _disk.ReadAsync(directory, name, position, length, cancellationToken);

    public ValueTask AppendAsync(
        string directory,
        string hiddenName,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken) =>
        _disk.AppendAsync(directory, hiddenName, position, bytes, cancellationToken);

    public virtual ValueTask<SinkPublication> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken) =>
        _disk.PublishAsync(directory, hiddenName, name, cancellationToken);
}
