namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// One partition of a stage's input against what the stage and those fused to it wrote: there is an order of the
/// texts, allowed by when they were asked for and answered, in which each event was processed by exactly one of them,
/// and never by an earlier one than the event before. What matches no text is lost, there twice, or elsewhere.
/// A pipeline that is deleted makes no cut: of what was under way, each output may end on its own.
/// </summary>
public sealed class Passage(ChangeLedger ledger, StageLife life, OutputIndex outputs)
{
    private const int Nothing = -1;
    private const int Ended = -2;

    private readonly Dictionary<(string Stream, int Partition), int> _last = [];

    /// <summary>How far it is: the text that processed the last event → the latest beginning so far.</summary>
    private Dictionary<int, long> _states = new() { [Nothing] = long.MinValue };

    /// <summary>Once an output ended and another went on: those that have ended.</summary>
    private HashSet<string>? _ended;

    /// <summary>What happened to events that no order of the texts explains, in words.</summary>
    public List<string> Wrong { get; } = [];

    public int Lost { get; private set; }

    public int Twice { get; private set; }

    /// <summary>The next event of the partition, in its order.</summary>
    public void Add(in PassedEvent input, long sentAt)
    {
        if (!life.Reads(input))
        {
            return;
        }

        var made = new List<ExpectedOutput>[life.Own.Count];
        var found = new HashSet<PlacedOutput>();
        for (var i = 0; i < made.Length; i++)
        {
            made[i] = life.Make(life.Own[i], input, sentAt);
            found.UnionWith(made[i].SelectMany(output => outputs.Find(output.Stream, output.Passed)));
        }

        var next = new Dictionary<int, long>();
        for (var i = 0; i < made.Length; i++)
        {
            if (!ledger.IsOver(life.Own[i], sentAt) && Matches(made[i], found))
            {
                Go(i, next);
            }
        }

        if (life.MayEnd && found.Count == 0)
        {
            next[Ended] = long.MaxValue;
        }

        if (next.Count == 0 && life.MayEnd && Array.Exists(made, outputs => EndsWith(outputs, found)))
        {
            next[Ended] = long.MaxValue;
        }

        Explain(input, found, isExplained: next.Count > 0);
        if (next.Count == 0)
        {
            Describe(input, made, found, sentAt);
        }

        _states = next.Count > 0 ? next : new() { [Nothing] = long.MinValue };
    }

    /// <summary>From every state from which this text may come next.</summary>
    private void Go(int to, Dictionary<int, long> next)
    {
        foreach (var (at, latest) in _states)
        {
            if (at != Ended && (at == to || life.Own[to].To >= latest))
            {
                var begun = Math.Max(latest, life.Own[to].From);
                next[to] = next.TryGetValue(to, out var other) ? Math.Min(other, begun) : begun;
            }
        }
    }

    private static bool Matches(List<ExpectedOutput> made, HashSet<PlacedOutput> found)
    {
        var count = 0;
        foreach (var output in made)
        {
            var here = found.Where(other => Fits(other, output)).ToList();
            if (here.Count > 1 || (here.Count == 1 && output.Keeping == Keeping.No)
                || (here.Count == 0 && output.Keeping == Keeping.Yes))
            {
                return false;
            }

            count += here.Count;
        }

        return count == found.Count;
    }

    /// <summary>Whether it is there where no output had ended before, and nowhere else; those it lacks end.</summary>
    private bool EndsWith(List<ExpectedOutput> made, HashSet<PlacedOutput> found)
    {
        var explained = made.Where(output => _ended?.Contains(output.Stream) != true)
            .ToLookup(output => found.Count(other => Fits(other, output)));
        if (explained[1].Count() != found.Count || explained[1].Any(static output => output.Keeping == Keeping.No))
        {
            return false;
        }

        var lacking = explained[0].Where(o => o.Keeping == Keeping.Yes).Select(static o => o.Stream).ToList();
        if (_ended is null && lacking.Count == 0)
        {
            return false;
        }

        (_ended ??= []).UnionWith(lacking);
        return true;
    }

    private static bool Fits(PlacedOutput placed, in ExpectedOutput expected) =>
        placed.Stream == expected.Stream && placed.Partition == expected.Partition
        && placed.Passed with { Ticks = 0 } == expected.Passed with { Ticks = 0 };

    private void Explain(in PassedEvent input, HashSet<PlacedOutput> found, bool isExplained)
    {
        foreach (var output in found)
        {
            output.IsExplained = true;
            if (isExplained && _last.GetValueOrDefault((output.Stream, output.Partition), -1) > output.Index)
            {
                Wrong.Add($"{Name(input)} is behind a later one in {output.Stream}/{output.Partition}");
            }

            _last[(output.Stream, output.Partition)] = output.Index;
        }
    }

    private void Describe(
        in PassedEvent input, List<ExpectedOutput>[] made, HashSet<PlacedOutput> found, long sentAt)
    {
        var texts = made.Where((_, i) => !ledger.IsOver(life.Own[i], sentAt)).ToList();
        foreach (var stream in texts.SelectMany(static outputs => outputs).Select(static o => o.Stream).Distinct())
        {
            var count = found.Count(output => output.Stream == stream);
            Twice += count > 1 ? 1 : 0;
            Lost += count == 0 && texts.TrueForAll(outputs => outputs.Exists(
                output => output.Stream == stream && output.Keeping == Keeping.Yes)) ? 1 : 0;
        }

        var there = string.Join(", ", found.Select(o => $"{o.Stream}/{o.Partition}[{o.Index}] path {o.Passed.Path}"));
        Wrong.Add($"{Name(input)} is at [{there}]");
    }

    private static string Name(in PassedEvent input) => $"({input.Client}, {input.Number}, {input.Path})";
}
