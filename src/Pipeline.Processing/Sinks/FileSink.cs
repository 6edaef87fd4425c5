using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Writes one partition to files. Exactly once: a file is published whole and never replaced, its name says where it
/// begins and its lines where it ends, so the cursor after a crash is the larger of the checkpoint and the end of the
/// last visible file; a claim in the directory makes sure that these are its own. Whoever consumes the files may take
/// them away once a later one is there.
/// </summary>
internal sealed class FileSink : SinkInstance
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly FileSinkSetup _setup;
    private readonly SinkLines _lines = new();
    private string _path = "";
    private long _first;
    private long _position;
    private long _opened;
    private long _read;

    public FileSink(FileSinkSetup setup)
        : base(setup) => _setup = setup;

    protected override StageCounts Counts => new(_read, _first, 0, 0);

    protected override TimeSpan Wait => HasFile ? new TimeSpan(Math.Max(1, Due - Elapsed)) : IdleWait;

    private bool HasFile => Cursor > _first;

    private long Due => _opened + _setup.Files.RollEvery.Ticks;

    /// <summary>The directory as the definition has it.</summary>
    private string Shown => _setup.Files.WrittenPath ?? _setup.Files.Path;

    private string Hidden => SinkFileName.Hidden(_setup.Id.Partition, Activation);

    private SinkActivation Activation => new(_setup.Term, _setup.Checkpoints.Epoch.Value);

    protected override async ValueTask<bool> TryEnterAsync(ReadOnlyMemory<byte> mark)
    {
        var cursor = _setup.Checkpoints.Durable.Cursor;
        Reach(cursor);
        var (directory, refusal) = await SinkEntry.EnterAsync(_setup, cursor, Ending);
        if (directory is null)
        {
            Refuse(refusal!);
            Begin(cursor);

            // None of its files can be there, so that its checkpoint says where it is cut.
            return _setup.Cut is not null;
        }

        _path = directory;
        if (!await TryOpenAsync())
        {
            return false;
        }

        foreach (var first in await UnknownAsync(cursor))
        {
            var name = SinkFileName.Of(_setup.Id.Partition, first);
            var end = first + await _setup.Directory.CountLinesAsync(_path, name, Ending);
            if (end > cursor && await IsNotOwnAsync(name, first))
            {
                return false;
            }

            cursor = Math.Max(cursor, end);
        }

        if (_setup.Cut is not null
            && !await _setup.Directory.EndAsync(_path, SinkFileName.Of(_setup.Id.Partition, cursor), Ending))
        {
            Block("an activation before it published a file just now");
            return false;
        }

        // What was read and not published is read again, and counts once.
        _read -= Math.Min(_read, Math.Max(0, Cursor - cursor));
        Begin(cursor);
        return true;
    }

    protected override async ValueTask<bool> TakeAsync(IReadOnlyList<LogBlock> blocks)
    {
        foreach (var block in blocks)
        {
            var next = _lines.Add(block, Cursor);
            if (next > Cursor && !HasFile)
            {
                _opened = Elapsed;
            }

            _read += next - Cursor;
            Cursor = next;
        }

        if (_lines.Written.Length > 0)
        {
            await _setup.Directory.AppendAsync(_path, Hidden, _position, _lines.Written, Ending);
            _position += _lines.Written.Length;
            _lines.Clear();
        }

        return true;
    }

    protected override async ValueTask<bool> SkipAsync(long first)
    {
        if (!await TryPublishFileAsync())
        {
            return false;
        }

        Begin(first);
        return true;
    }

    protected override ValueTask LeaveAsync() => _setup.Directory.LeaveAsync();

    protected override async ValueTask<bool> CheckAsync() =>
        !HasFile || (_position < _setup.Files.RollBytes && Elapsed < Due) || await TryPublishFileAsync();

    /// <summary>A full disk, a share that is away: it waits.</summary>
    protected override (StageInstanceState State, string Reason)? Explain(Exception error) =>
        error is IOException or UnauthorizedAccessException
            ? (StageInstanceState.Blocked, SinkDirectories.Shown(_setup.Files, error.Message))
            : error is SinkTargetException target ? target.Said : null;

    protected override string Beyond(LogOffset committed) =>
        $"the files in {Shown} end at {Cursor}, {_setup.Input.Id} ends at {committed}: they are another stream's";

    /// <summary>
    /// Makes its place, and looks only then whether a later activation was here: one that comes later takes the place
    /// away before it looks at the files.
    /// </summary>
    private async ValueTask<bool> TryOpenAsync()
    {
        await _setup.Directory.OpenAsync(_path, _setup.Id.Partition, Activation, Ending);
        if (await _setup.Checkpoints.PeekAsync(Ending) is not { } now)
        {
            Block("the checkpoint cannot be read from a majority of stores");
            return false;
        }

        if (now.Epoch == _setup.Checkpoints.Epoch)
        {
            return true;
        }

        Overtake();
        return false;
    }

    /// <summary>
    /// Where the files begin that may go beyond the checkpoint, in order: one after a crash; more where the stream was
    /// restored and the files were not.
    /// </summary>
    private async ValueTask<IReadOnlyList<long>> UnknownAsync(long cursor)
    {
        var firsts = new SortedSet<long>();
        foreach (var name in await _setup.Directory.ListAsync(_path, Ending))
        {
            if (SinkFileName.TryParse(name, _setup.Id.Partition, out var first))
            {
                firsts.Add(first);
            }
        }

        var known = firsts.Count(first => first < cursor);
        return [.. firsts.Skip(Math.Max(0, known - 1))];
    }

    /// <summary>A file that the checkpoint does not know of; says why where it is not this sink's.</summary>
    private async ValueTask<bool> IsNotOwnAsync(string name, long first)
    {
        switch (await SinkOwnership.IsOwnAsync(_setup, _path, name, first, Ending))
        {
            case true:
                return false;
            case false:
                Refuse(Foreign(name));
                return true;
            default:
                Block("the stream cannot be read to see whose the last file is");
                return true;
        }
    }

    private string Foreign(string name) =>
        $"the file {name} in {Shown} is not this sink's, and it is never replaced: move it away";

    private void Begin(long cursor)
    {
        _lines.Clear();
        (Cursor, _first, _position, _opened) = (cursor, cursor, 0, 0);
    }

    /// <summary>False where the file was there already, or a later activation is: enter anew.</summary>
    private async ValueTask<bool> TryPublishFileAsync()
    {
        if (!HasFile)
        {
            return true;
        }

        var name = SinkFileName.Of(_setup.Id.Partition, _first);
        var publication = await _setup.Directory.PublishAsync(_path, Hidden, name, Ending);
        if (publication == SinkPublication.Foreign)
        {
            Refuse(Foreign(name));
        }

        if (publication != SinkPublication.Published)
        {
            return false;
        }

        Succeed();
        Begin(Cursor);

        // Without the checkpoint it goes on: the file itself says where it ends.
        return await SaveAsync() != CheckpointReply.Fenced;
    }
}
