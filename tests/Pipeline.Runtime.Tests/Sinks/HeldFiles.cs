using Pipeline.Processing.Sinks;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>A disk whose host freezes when it is about to publish a file.</summary>
internal sealed class HeldFiles : ISinkFiles
{
    private readonly SinkDirectory _disk = new();
    private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task FrozenAsync() => _frozen.Task;

    /// <summary>It goes on; what came of the file it was about to publish.</summary>
    public Task<string> WakeAsync()
    {
        _woken.TrySetResult();
        return _ended.Task;
    }

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

    public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
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

    public async ValueTask<SinkPublication> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken)
    {
        _frozen.TrySetResult();
        await _woken.Task;
        try
        {
            var publication = await _disk.PublishAsync(directory, hiddenName, name, cancellationToken);
            _ended.TrySetResult($"{publication}");
            return publication;
        }
        catch (IOException error)
        {
            _ended.TrySetResult(error.GetType().Name);
            throw;
        }
    }
}
