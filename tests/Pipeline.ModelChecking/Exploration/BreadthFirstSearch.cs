using System.Diagnostics;

namespace Pipeline.ModelChecking.Exploration;

/// <summary>
/// Visits every state that can be reached, nearest first, so that the first violation found comes with a shortest
/// schedule. Of a state visited only its fingerprint and how it was reached stay.
/// </summary>
/// <param name="start">Where it begins.</param>
/// <param name="statesMax">It is cut off there.</param>
/// <param name="visit">Called with each state; null: nobody asks.</param>
public sealed class BreadthFirstSearch<TWorld>(TWorld start, int statesMax, Action<TWorld>? visit = null)
    where TWorld : class, IWorld<TWorld>
{
    private readonly FingerprintSet _seen = new();
    private readonly List<(int Parent, int Action)> _reached = [];
    private readonly List<int> _actions = [];
    private List<(TWorld World, int Number)> _level = [];
    private List<(TWorld World, int Number)> _next = [];
    private long _transitions;

    public SearchResult Run()
    {
        var time = Stopwatch.StartNew();
        _seen.Add(start.Fingerprint());
        _reached.Add((-1, 0));
        visit?.Invoke(start);
        _level.Add((start, 0));
        var depth = 0;
        while (_level.Count > 0 && _reached.Count < statesMax)
        {
            foreach (var (world, number) in _level)
            {
                if (Expand(world, number) is { } violation)
                {
                    return Result(depth + 1, false, violation, time.Elapsed);
                }
            }

            (_level, _next) = (_next, _level);
            _next.Clear();
            depth += _level.Count > 0 ? 1 : 0;
        }

        return Result(depth, _level.Count == 0, null, time.Elapsed);
    }

    private string? Expand(TWorld world, int number)
    {
        _actions.Clear();
        world.AddActions(_actions);
        foreach (var action in _actions)
        {
            _transitions++;
            var after = world.After(action);
            if (!_seen.Add(after.Fingerprint()))
            {
                continue;
            }

            _reached.Add((number, action));
            visit?.Invoke(after);
            if (after.Violation is { } violation)
            {
                return violation;
            }

            _next.Add((after, _reached.Count - 1));
        }

        return null;
    }

    private SearchResult Result(int depth, bool isComplete, string? violation, TimeSpan elapsed) =>
        new(_reached.Count, _transitions, depth, isComplete, violation, violation is null ? [] : Schedule(), elapsed);

    /// <summary>Replays the way to the state reached last.</summary>
    private List<string> Schedule()
    {
        var actions = new Stack<int>();
        for (var at = _reached.Count - 1; at > 0; at = _reached[at].Parent)
        {
            actions.Push(_reached[at].Action);
        }

        var lines = new List<string>();
        var world = start;
        foreach (var action in actions)
        {
            lines.Add(world.Describe(action));
            world = world.After(action);
        }

        return lines;
    }
}
