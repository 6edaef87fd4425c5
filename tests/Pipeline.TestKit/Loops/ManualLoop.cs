using Pipeline.Replication.Loops;

namespace Pipeline.TestKit.Loops;

/// <summary>A loop that runs what is posted when it is told to, by a clock that is moved by hand.</summary>
public sealed class ManualLoop : TimeProvider, ILoop
{
    private readonly Queue<LoopWork> _posted = new();
    private readonly LoopClock _clock;
    private readonly LoopContext _context;
    private long _now;

    public ManualLoop()
    {
        _clock = new LoopClock(this, this);
        _context = new LoopContext(this);
        Supervisor = new Supervisor(Told.Add);
    }

    /// <summary>What its supervisor was told.</summary>
    public List<Fault> Told { get; } = [];

    public TimeProvider Time => _clock;

    public Supervisor Supervisor { get; }

    public bool IsCurrent => true;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public void Post(Action<object?> work, object? state) => _posted.Enqueue(new LoopWork(work, state));

    /// <summary>Runs a piece of work on the loop, and what follows from it at once.</summary>
    public void Do(Action work)
    {
        Post(_ => work(), null);
        Advance(TimeSpan.Zero);
    }

    /// <summary>Lets time go by, then runs all that is due.</summary>
    public void Advance(TimeSpan span)
    {
        _now += span.Ticks;
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        try
        {
            _clock.FireDue();
            while (_posted.TryDequeue(out var work))
            {
                work.Run(work.State);
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
