using System.Threading.Tasks.Sources;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.Directories;

/// <summary>An append in flight, used again after its result was taken: the hot path allocates nothing.</summary>
internal sealed class AppendOperation(DirectoryBlobs blobs, AppendOperations pool)
    : IoWork, IValueTaskSource<BlobOutcome>
{
    private ManualResetValueTaskSourceCore<BlobOutcome> _source = new() { RunContinuationsAsynchronously = true };
    private BlobName _name;
    private long _position;
    private IReadOnlyList<ReadOnlyMemory<byte>> _content = [];
    private CancellationToken _cancellationToken;

    public ValueTask<BlobOutcome> Start(
        IoThreads threads,
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken)
    {
        (_name, _position, _content, _cancellationToken) = (name, position, content, cancellationToken);
        var task = new ValueTask<BlobOutcome>(this, _source.Version);
        threads.Enqueue(this);
        return task;
    }

    public override void Run()
    {
        try
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var outcome = blobs.Append(_name, _position, _content);
            _content = [];
            _source.SetResult(outcome);
        }
#pragma warning disable CA1031 // A bug must reach the caller, not end an I/O thread.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _source.SetException(bug);
        }
    }

    public BlobOutcome GetResult(short token)
    {
        try
        {
            return _source.GetResult(token);
        }
        finally
        {
            _content = [];
            _source.Reset();
            pool.Return(this);
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
