namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Bears registers a few at a time: a stream of a thousand partitions must not stand in the way of everybody else's
/// writes to the stores.
/// </summary>
internal sealed class Births(CancellationToken cancellationToken)
{
    private const int AtOnce = 16;

    private readonly Queue<Task<bool>> _running = new();
    private bool _areAllBorn = true;

    /// <summary>Begins one more, when there is room for it.</summary>
    public async ValueTask AddAsync(Func<ValueTask<bool>> bear)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_running.Count == AtOnce)
        {
            _areAllBorn &= await _running.Dequeue();
        }

        _running.Enqueue(bear().AsTask());
    }

    /// <summary>Waits for all; false where one was not born.</summary>
    public async ValueTask<bool> EndAsync()
    {
        while (_running.TryDequeue(out var birth))
        {
            _areAllBorn &= await birth;
        }

        return _areAllBorn;
    }
}
