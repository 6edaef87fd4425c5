namespace Pipeline.Storage.Directories;

/// <summary>
/// A few threads of one store's own, for system calls that block. A store that hangs blocks its own threads and
/// nothing else; without work they wait and cost nothing.
/// </summary>
internal sealed class IoThreads(string name, int max) : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<IoWork> _queue = new();
    private int _started;
    private int _waiting;
    private bool _stopped;

    public void Enqueue(IoWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _queue.Enqueue(work);
            if (_waiting > 0)
            {
                _waiting--;
                Monitor.Pulse(_gate);
            }
            else if (_started < max)
            {
                _started++;
                new Thread(Run) { IsBackground = true, Name = $"store {name} #{_started}" }.UnsafeStart();
            }
        }
    }

    /// <summary>Lets queued work finish; threads end after it.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Run()
    {
        while (Next() is { } work)
        {
            work.Run();
        }
    }

    private IoWork? Next()
    {
        lock (_gate)
        {
            while (_queue.Count == 0)
            {
                if (_stopped)
                {
                    return null;
                }

                _waiting++;
                Monitor.Wait(_gate);
            }

            return _queue.Dequeue();
        }
    }
}
