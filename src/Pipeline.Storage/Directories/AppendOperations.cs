namespace Pipeline.Storage.Directories;

/// <summary>The append operations of a store that are not in use.</summary>
internal sealed class AppendOperations(DirectoryBlobs blobs)
{
    private const int MaxKept = 64;
    private readonly Lock _gate = new();
    private readonly Stack<AppendOperation> _free = new();

    public AppendOperation Rent()
    {
        lock (_gate)
        {
            return _free.TryPop(out var operation) ? operation : new AppendOperation(blobs, this);
        }
    }

    public void Return(AppendOperation operation)
    {
        lock (_gate)
        {
            if (_free.Count < MaxKept)
            {
                _free.Push(operation);
            }
        }
    }
}
