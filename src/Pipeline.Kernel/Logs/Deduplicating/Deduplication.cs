using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>
/// What a partition remembers so that nothing is appended twice. Invariants:
/// <list type="bullet">
/// <item>It is a function of the log: replaying a segment's state frame and blocks gives the same memory.</item>
/// <item>A handle is in the window exactly from the block that holds its part until it is evicted.</item>
/// <item>A producer's number that was evicted is never taken for a new one: not here, nor in what follows.</item>
/// <item>A platform producer's last origin never goes back, nor does its generation.</item>
/// </list>
/// </summary>
internal sealed class Deduplication
{
    private readonly LogOptions _options;
    private readonly LogFlaws _flaws;
    private readonly HandleWindow _window;
    private readonly PlatformProducers _platform;
    private long _committedFrame;

    public Deduplication(LogOptions options, LogFlaws flaws = LogFlaws.None)
        : this(options, flaws, new HandleWindow(options, flaws), new PlatformProducers())
    {
    }

    private Deduplication(LogOptions options, LogFlaws flaws, HandleWindow window, PlatformProducers platform) =>
        (_options, _flaws, _window, _platform) = (options, flaws, window, platform);

    public HandleWindow Window => _window;

    public Deduplication Copy() =>
        new(_options, _flaws, _window.Copy(), _platform.Copy()) { _committedFrame = _committedFrame };

    /// <summary>What follows is in a block of this time, ticks UTC.</summary>
    public void Begin(long time) => _window.Begin(time);

    /// <summary>The block of this time, ticks UTC, is complete.</summary>
    public void End(long time) => _window.End(time);

    /// <summary>
    /// Decides about a part whose first new event would take <paramref name="next"/>, and remembers it.
    /// </summary>
    public Decision Admit(in PartHeader header, IReadOnlyList<Hash128>? handles, LogOffset next, long frame) =>
        header.HandleKind switch
        {
            HandleKind.Key or HandleKind.Producer => AdmitRequest(header, next),
            HandleKind.Event => AdmitEvents(handles ?? [], next),
            HandleKind.Platform => AdmitPlatform(header, frame),
            _ => Decision.Whole(header.Count),
        };

    /// <summary>What the home of a handle says before a request runs; Appended: go on.</summary>
    public Decision Ask(in PartHeader header)
    {
        if (_window.TryFind(HandleKey.Of(header), out var entry, out var isPending))
        {
            return entry.Body == header.Body
                ? Decision.Whole(0)
                : Decision.Refuse(isPending ? LogReply.InProgress : LogReply.KeyReused);
        }

        return header.HandleKind == HandleKind.Producer ? CheckSequence(header) : Decision.Whole(0);
    }

    /// <summary>A part of a committed block, or of one read back.</summary>
    public void Replay(in PartHeader header, IReadOnlyList<Hash128>? handles, LogOffset first)
    {
        switch (header.HandleKind)
        {
            case HandleKind.Key or HandleKind.Producer:
                Remember(header, first);
                break;
            case HandleKind.Event:
                for (var i = 0; i < header.Count; i++)
                {
                    _window.Add(new WindowEntry(HandleKey.OfEvent(handles![i]), default, first + i, 1, false));
                }

                break;
            case HandleKind.Platform:
                Advance(header, _platform[header.Handle], -1);
                break;
        }

        _window.Commit(_window.Next);
    }

    /// <summary>Frames before <paramref name="frame"/> are committed, and with them the first window entries.</summary>
    public void Commit(long frame, long windowMark)
    {
        _committedFrame = frame;
        _window.Commit(windowMark);
    }

    /// <summary>A new segment begins with <paramref name="frame"/>: all that is remembered is committed.</summary>
    public void Rebase(long frame) => Commit(frame, _window.Next);

    public void Save(ByteWriter to)
    {
        _window.Save(to);
        _platform.Save(to);
        if ((_flaws & LogFlaws.LoseNumbersWhenRolling) == 0)
        {
            _window.SaveNumbers(to);
        }
    }

    public void Load(ref ByteReader from)
    {
        _window.Load(ref from);
        _platform.Load(ref from);
        if (from.Remaining > 0)
        {
            _window.LoadNumbers(ref from);
        }

        _window.Commit(_window.Next);
    }

    private Decision AdmitRequest(in PartHeader header, LogOffset next)
    {
        if (_window.TryFind(HandleKey.Of(header), out var entry, out var isPending))
        {
            return entry.Body != header.Body
                ? Decision.Refuse(LogReply.KeyReused) with { IsPending = isPending }
                : new Decision(LogReply.Duplicate, 0, IsWritten: false, isPending)
                {
                    Duplicates = entry.Count,
                    Runs = entry.Count > 0 ? [new LogRun(entry.First, entry.Count)] : [],
                };
        }

        if (header.HandleKind == HandleKind.Producer)
        {
            var checkedSequence = CheckSequence(header);
            if (checkedSequence.Reply != LogReply.Appended)
            {
                return checkedSequence;
            }
        }

        if (_window.IsFullFor(1))
        {
            return Decision.Refuse(LogReply.TooManyHandles);
        }

        Remember(header, next);
        return Decision.Whole(header.Count);
    }

    /// <summary>
    /// A number that is not in the window: the home knows which one comes next. Another partition knows only which have
    /// left its window; a higher one may be a part that did not arrive when the request was sent first.
    /// </summary>
    private Decision CheckSequence(in PartHeader header)
    {
        var numbers = _window.Numbers;
        var isKnown = numbers.Knows(header.Handle);
        var expected = numbers.NextOf(header.Handle);
        if (header.Sequence <= numbers.EvictedOf(header.Handle)
            && (header.IsHome || (_flaws & LogFlaws.ForgetPartsNumbers) == 0))
        {
            return Decision.Refuse(LogReply.ProducerForgotten) with { Expected = expected };
        }

        if (!isKnown && numbers.Count >= _options.MaxProducers)
        {
            return Decision.Refuse(LogReply.TooManyHandles);
        }

        if (!header.IsHome || header.Sequence == expected)
        {
            return Decision.Whole(header.Count);
        }

        return header.Sequence < expected || (!isKnown && numbers.HasLost)
            ? Decision.Refuse(LogReply.ProducerForgotten) with { Expected = expected }
            : Decision.Refuse(LogReply.ProducerGap) with { Expected = expected };
    }

    private Decision AdmitEvents(IReadOnlyList<Hash128> handles, LogOffset next)
    {
        if (_window.IsFullFor(handles.Count) && !handles.All(handle => _window.Has(HandleKey.OfEvent(handle))))
        {
            return Decision.Refuse(LogReply.TooManyHandles);
        }

        var mark = _window.Next;
        var isPending = false;
        List<LogRun>? runs = null;
        List<int>? kept = null;
        for (var i = 0; i < handles.Count; i++)
        {
            var key = HandleKey.OfEvent(handles[i]);
            if (_window.TryFind(key, out var entry, out var pending))
            {
                // Up to here all were new: that changes with this one.
                kept ??= [.. Enumerable.Range(0, i)];
                runs ??= i > 0 ? [new LogRun(next, i)] : [];
                isPending |= pending;
                AddTo(runs, entry.First);
                continue;
            }

            var offset = next + (_window.Next - mark);
            _window.Add(new WindowEntry(key, default, offset, 1, false));
            kept?.Add(i);
            if (runs is not null)
            {
                AddTo(runs, offset);
            }
        }

        var added = (int)(_window.Next - mark);
        return kept is null
            ? Decision.Whole(added)
            : new Decision(LogReply.Duplicate, added, added > 0, isPending)
            {
                Duplicates = handles.Count - added,
                Runs = runs,
                Kept = kept,
            };
    }

    private Decision AdmitPlatform(in PartHeader header, long frame)
    {
        var known = _platform[header.Handle];
        var isPending = known.Frame >= _committedFrame;
        if (header.Sequence < known.Generation)
        {
            return Decision.Refuse(LogReply.ProducerFenced) with { IsPending = isPending, Last = known.Last };
        }

        if (header is { Kind: PartKind.Events, Count: 0 })
        {
            // Opening a producer: its generation is logged, once.
            if (header.Sequence == known.Generation)
            {
                return new Decision(LogReply.Duplicate, 0, IsWritten: false, isPending) { Last = known.Last };
            }
        }
        else if (header.Kind == PartKind.Events)
        {
            if (header.Last <= known.Last)
            {
                return new Decision(LogReply.Duplicate, 0, IsWritten: false, isPending)
                {
                    Duplicates = header.Count,
                    Runs = [],
                    Last = known.Last,
                };
            }

            if (header.Previous != known.Last)
            {
                return Decision.Refuse(LogReply.ProducerMismatch) with { IsPending = isPending, Last = known.Last };
            }
        }

        return Decision.Whole(header.Count) with { Last = Advance(header, known, frame) };
    }

    private Origin Advance(in PartHeader header, PlatformProducer known, long frame)
    {
        var last = header is { Kind: PartKind.Events, Count: > 0 } ? header.Last : known.Last;
        _platform[header.Handle] = new PlatformProducer(Math.Max(known.Generation, header.Sequence), last, frame);
        return last;
    }

    private void Remember(in PartHeader header, LogOffset first) =>
        _window.Add(new WindowEntry(HandleKey.Of(header), header.Body, first, header.Count, header.IsHome));

    private static void AddTo(List<LogRun> runs, LogOffset offset)
    {
        if (runs.Count > 0 && runs[^1].First + runs[^1].Count == offset)
        {
            runs[^1] = runs[^1] with { Count = runs[^1].Count + 1 };
        }
        else
        {
            runs.Add(new LogRun(offset, 1));
        }
    }
}
