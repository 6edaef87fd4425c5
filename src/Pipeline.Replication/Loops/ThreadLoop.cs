namespace Pipeline.Replication.Loops;

/// <summary>
/// A loop on one dedicated background thread. Work posted while it runs is taken over in one batch, so a busy loop
/// is woken rarely; an idle one sleeps until work comes or the next timer is due. An exception that leaves a piece of
/// work is a mistake of whatever posted it: the <see cref="Supervisor"/> is told, and the work of others goes on.
/// </summary>
public sealed class ThreadLoop : ILoop, IDisposable
{
    private readonly Lock _gate = new();
    private readonly object _sleep = new();
    private readonly string _name;
    private readonly LoopClock _clock;
    private readonly LoopContext _context;
    private readonly Thread _thread;
    private List<LoopWork> _posted = new(256);
    private List<LoopWork> _running = new(256);
    private bool _sleeping;
    private bool _stopped;

    /// <summary>A loop whose faults are told to nobody else.</summary>
    public ThreadLoop(string name, Action<Exception> onFault, TimeProvider? time = null)
        : this(name, new Supervisor(fault => onFault(fault.Exception)), time)
    {
    }

    public ThreadLoop(string name, Supervisor supervisor, TimeProvider? time = null)
    {
        (_name, Supervisor) = (name, supervisor);
        _context = new LoopContext(this);
#pragma warning disable RS0030 // The one place where the machine's clock comes in: behind ILoop.Time.
        _clock = new LoopClock(this, time ?? TimeProvider.System);
#pragma warning restore RS0030
        _thread = new Thread(Run) { IsBackground = true, Name = name };
        _thread.Start();
    }

    public TimeProvider Time => _clock;

    public Supervisor Supervisor { get; }

    public bool IsCurrent => Thread.CurrentThread == _thread;

    public void Post(Action<object?> work, object? state)
    {
        bool wake;
        lock (_gate)
        {
            _posted.Add(new LoopWork(work, state));
            wake = _sleeping;
            _sleeping = false;
        }

        if (wake)
        {
            Wake();
        }
    }

    /// <summary>Ends the thread after the work posted so far; later posts are dropped.</summary>
    public void Dispose()
    {
        Post(static loop => ((ThreadLoop)loop!)._stopped = true, this);
        if (!IsCurrent)
        {
            _thread.Join();
        }
    }

    private void Wake()
    {
        lock (_sleep)
        {
            Monitor.Pulse(_sleep);
        }
    }

    private void Run()
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        while (!_stopped)
        {
            var untilTimer = _clock.FireDue();
            if (!TakePosted() && !Sleep(untilTimer))
            {
                continue;
            }

            foreach (var work in _running)
            {
                Perform(work);
            }

            _running.Clear();
        }
    }

    private bool TakePosted()
    {
        lock (_gate)
        {
            if (_posted.Count == 0)
            {
                return false;
            }

            (_posted, _running) = (_running, _posted);
            return true;
        }
    }

    /// <summary>Sleeps until work is posted (true: it was taken) or the time is over.</summary>
    private bool Sleep(TimeSpan atMost)
    {
        if (atMost == TimeSpan.Zero)
        {
            return false;
        }

        lock (_sleep)
        {
            lock (_gate)
            {
                if (_posted.Count > 0)
                {
                    return false;
                }

                _sleeping = true;
            }

            Monitor.Wait(_sleep, atMost);
        }

        lock (_gate)
        {
            _sleeping = false;
        }

        return TakePosted();
    }

    private void Perform(LoopWork work)
    {
        try
        {
            work.Run(work.State);
        }
        catch (Exception fault)
        {
            Supervisor.Tell(new Fault(FaultSource.Loop, "loop", _name, fault));
        }
    }
}
