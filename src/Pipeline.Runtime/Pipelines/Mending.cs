using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Has pipelines run again that a change has cut without coming into force, here or in a process that is gone: the same
/// text under a new term, by one change of the catalog, which a change that is still under way does not survive.
/// </summary>
internal sealed class Mending(KeeperCore core, Reconciler reconciler)
{
    /// <summary>How long an instance is seen cut before somebody else's change is taken for dead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, long> _stopped = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);
    private bool _mustLook;

    /// <summary>Whether something is not as the catalog says, as far as is known.</summary>
    public bool IsDue => !core.IsOvertaken && (_mustLook || _stopped.Count > 0 || CutElsewhere().Count > 0);

    /// <summary>A change did not come into force, or that is not known: what it stopped is to run.</summary>
    public void Resume(IEnumerable<string> pipelines, Terms terms)
    {
        _mustLook = true;
        foreach (var name in pipelines)
        {
            _stopped[name] = terms.Mark;
        }
    }

    /// <summary>The outcome of a change is not known: the catalog is to be read.</summary>
    public void Look() => _mustLook = true;

    /// <summary>Tries it once; false while no majority of stores answers.</summary>
    public async Task<bool> TryAsync()
    {
        if (!IsDue)
        {
            return !core.IsOvertaken;
        }

        var cut = CutElsewhere();
        var change = await core.ChangeAsync(current => Resumed(current, cut), CancellationToken.None);
        if (change is not { } answered)
        {
            return false;
        }

        _mustLook = false;
        _stopped.Clear();
        _seen.Clear();
        await reconciler.ReconcileAsync(answered.State);
        return true;
    }

    private CatalogState? Resumed(CatalogState current, Dictionary<string, long> cut)
    {
        var next = current.NextTerm;
        var pipelines = new List<CatalogPipeline>();
        foreach (var entry in current.Pipelines)
        {
            var isStopped = _stopped.TryGetValue(entry.Name, out var mark) && entry.Mark == mark && entry.Term < mark;
            var isCut = cut.TryGetValue(entry.Name, out var term) && entry.Term < term;
            pipelines.Add(isStopped || isCut ? entry with { Term = next, Mark = next++ } : entry);
        }

        // A change that is read for its outcome is overwritten: a late one must not come into force after this.
        return next == current.NextTerm && !_mustLook
            ? null
            : current with { Pipelines = pipelines, NextTerm = next };
    }

    /// <summary>Pipelines whose instances say, for a while, that they were cut for a later term.</summary>
    private Dictionary<string, long> CutElsewhere()
    {
        var found = new Dictionary<string, long>();
        foreach (var pipeline in core.View.Pipelines.Values)
        {
            var term = pipeline.Instances.Max(static running => running.Instance.Status.CutFor) ?? 0;
            if (term <= pipeline.Entry.Term)
            {
                _seen.Remove(pipeline.Entry.Name);
                continue;
            }

            var now = core.Host.Loop.Time.GetTimestamp();
            _seen.TryAdd(pipeline.Entry.Name, now);
            if (core.Host.Loop.Time.GetElapsedTime(_seen[pipeline.Entry.Name], now) >= Patience)
            {
                found[pipeline.Entry.Name] = term;
            }
        }

        return found;
    }
}
