namespace Pipeline.Replication.Partitions.Driving;

/// <summary>The appends of a partition: those not in use, and those under way by their number.</summary>
internal sealed class AppendCalls
{
    private const int MaxFree = 256;
    private readonly Lock _gate = new();
    private readonly Stack<AppendCall> _free = new();
    private readonly List<AppendCall?> _underWay = [];
    private readonly Stack<int> _numbers = new();

    /// <summary>From any thread.</summary>
    public AppendCall Rent()
    {
        lock (_gate)
        {
            return _free.TryPop(out var call) ? call : new AppendCall(this);
        }
    }

    /// <summary>From any thread.</summary>
    public void Return(AppendCall call)
    {
        lock (_gate)
        {
            if (_free.Count < MaxFree)
            {
                _free.Push(call);
            }
        }
    }

    /// <summary>On the loop: gives the call a number.</summary>
    public int Add(AppendCall call)
    {
        if (_numbers.TryPop(out var number))
        {
            _underWay[number] = call;
            return number;
        }

        _underWay.Add(call);
        return _underWay.Count - 1;
    }

    /// <summary>On the loop: the request of a call under way.</summary>
    public AppendRequest this[int number] => _underWay[number]!.Request!;

    /// <summary>On the loop: the call is answered; its number is free.</summary>
    public AppendCall Remove(int number)
    {
        var call = _underWay[number]!;
        _underWay[number] = null;
        _numbers.Push(number);
        return call;
    }

    /// <summary>On the loop: all calls under way; their numbers are free.</summary>
    public IReadOnlyList<AppendCall> RemoveAll()
    {
        AppendCall[] calls = [.. _underWay.OfType<AppendCall>()];
        _underWay.Clear();
        _numbers.Clear();
        return calls;
    }
}
