using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Nodes;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>All changes of definitions of a run, in the order they were asked for.</summary>
public sealed class ChangeLedger
{
    private readonly List<Change> _changes = [];
    private readonly Dictionary<string, int> _lives = [];
    private int _marks;
    private int _numbers;

    public IReadOnlyList<Change> Changes => _changes;

    public IEnumerable<string> Pipelines => _changes.Select(static change => change.Pipeline).Distinct();

    /// <summary>A mark that no text has yet.</summary>
    public int NewMark() =>
        ++_marks < DrawnStage.Marks ? _marks : throw new InvalidOperationException("No more marks.");

    /// <summary>A number for a name that nothing has yet.</summary>
    public int NewNumber() => ++_numbers;

    public int Life(string pipeline) => _lives.GetValueOrDefault(pipeline);

    /// <summary>Its operator knows that it was deleted: what is applied now is another pipeline of that name.</summary>
    public void EndLife(string pipeline) => _lives[pipeline] = Life(pipeline) + 1;

    public Change Begin(
        string pipeline, DrawnPipeline? definition, long now, bool isSimple = false, bool deletesStreams = false)
    {
        var change = new Change
        {
            Pipeline = pipeline,
            Definition = definition,
            DeletesStreams = deletesStreams,
            IsSimple = isSimple,
            Life = Life(pipeline),
            From = now,
        };
        _changes.Add(change);
        return change;
    }

    /// <summary>
    /// Begins an attempt at a change through a process; the result ends it. It ends as well with the process.
    /// </summary>
    public static Action Attempt(Change change, SimulatedProcess process)
    {
        var isEnded = false;
        change.Attempts++;
        process.OnExit(End);
        return End;

        void End()
        {
            change.Attempts -= isEnded ? 0 : 1;
            change.Ended = isEnded ? change.Ended : process.Node.Queue.Now;
            isEnded = true;
        }
    }

    /// <summary>
    /// Bounds the changes whose answer nobody heard: once no process works at one any more, it took effect before the
    /// next one that was acknowledged, or never will.
    /// </summary>
    public void Settle()
    {
        foreach (var change in _changes.Where(c => c.Knowledge == Knowledge.Unknown && c.Attempts == 0))
        {
            change.To = Of(change.Pipeline).Where(other => other.IsMade && other.From >= change.Ended)
                .Select(static other => other.To).DefaultIfEmpty(long.MaxValue).Min();
        }
    }

    public IEnumerable<Change> Of(string pipeline) => _changes.Where(change => change.Pipeline == pipeline);

    /// <summary>
    /// Whether a change that was acknowledged before <paramref name="time"/> surely came after this one.
    /// </summary>
    public bool IsOver(Change change, long time) => Of(change.Pipeline).Any(other =>
        other != change && other.IsMade && other.From >= change.To && other.To < time);

    /// <summary>
    /// Definitions that may be in force at a time or later, of those asked for before <paramref name="until"/>.
    /// </summary>
    public IEnumerable<Change> InForce(string pipeline, long time, long until = long.MaxValue) => Of(pipeline)
        .Where(change => change.MayBeInForce && change.From < until && !IsOver(change, time));

    /// <summary>Whether the pipeline may not exist at a time or later.</summary>
    public bool MayLack(string pipeline, long time, long until = long.MaxValue) =>
        Of(pipeline).Where(static change => change.IsMade).All(change => change.To >= time)
        || Of(pipeline).Any(change => change.Definition is null && change.Knowledge != Knowledge.Refused
            && change.From < until && !IsOver(change, time));
}
