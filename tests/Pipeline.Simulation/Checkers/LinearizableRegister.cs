using Pipeline.Simulation.Histories;

namespace Pipeline.Simulation.Checkers;

/// <summary>
/// Whether a history of appends and reads of one list register has a linearization (Herlihy and Wing, TOPLAS 1990):
/// all values lie on one line, each is extended from one to the next by appends that were made, each append once;
/// and what was answered before another operation began is part of that one's answer.
/// </summary>
public static class LinearizableRegister
{
    public static IEnumerable<string> Check(IReadOnlyList<RegisterOperation> operations)
    {
        var answered = operations.Where(static o => o.To is not null).OrderBy(static o => o.Value.Count).ToList();
        var begun = operations.Where(static o => o.Appends is not null).ToDictionary(static o => o.Appends!.Value);
        for (var i = 0; i < answered.Count; i++)
        {
            var operation = answered[i];
            if (i > 0 && !answered[i - 1].Value.SequenceEqual(operation.Value.Take(answered[i - 1].Value.Count)))
            {
                yield return $"{Text(answered[i - 1])} and {Text(operation)} are not one history";
            }

            if (operation.Value.Distinct().Count() != operation.Value.Count)
            {
                yield return $"{Text(operation)} has an append twice";
            }

            if (operation.Appends is { } own && !operation.Value.Contains(own))
            {
                yield return $"{Text(operation)} succeeded without its own append {own}";
            }

            foreach (var id in operation.Value)
            {
                if (!begun.TryGetValue(id, out var append) || append.From > operation.To)
                {
                    yield return $"{Text(operation)} has {id}, which nobody had appended";
                }
            }
        }

        foreach (var stale in Stale(answered))
        {
            yield return stale;
        }
    }

    /// <summary>Operations whose answer is older than one that was given before they began.</summary>
    private static IEnumerable<string> Stale(List<RegisterOperation> answered)
    {
        var ended = answered.OrderBy(static o => o.To).ToList();
        RegisterOperation? longest = null;
        var next = 0;
        foreach (var operation in answered.OrderBy(static o => o.From))
        {
            for (; next < ended.Count && ended[next].To < operation.From; next++)
            {
                longest = longest is null || ended[next].Value.Count > longest.Value.Count ? ended[next] : longest;
            }

            if (longest is not null && longest.Value.Count > operation.Value.Count)
            {
                yield return $"{Text(operation)} began after {Text(longest)} was answered, and does not know it";
            }
        }
    }

    private static string Text(RegisterOperation operation) =>
        $"[{string.Join(' ', operation.Value)}] at {operation.From}–{operation.To}";
}
