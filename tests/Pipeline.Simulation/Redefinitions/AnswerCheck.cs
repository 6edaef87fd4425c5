using Pipeline.Simulation.Histories;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// What changes were answered: nothing that is read by another pipeline is taken away, nothing harmless is refused.
/// </summary>
public static class AnswerCheck
{
    public static IEnumerable<string> Check(ChangeLedger ledger) => ledger.Changes
        .Where(static change => change is { IsSimple: true, Knowledge: Knowledge.Refused })
        .Select(static change => $"a change that contradicts nothing was refused: {change}")
        .Concat(ledger.Changes.Where(static change => change.IsMade).SelectMany(change => TakenAway(ledger, change)));

    /// <summary>Streams that surely were written and surely were read by another pipeline, all the while.</summary>
    private static IEnumerable<string> TakenAway(ChangeLedger ledger, Change change)
    {
        if (change.Definition is null && !change.DeletesStreams)
        {
            yield break;
        }

        var before = ledger.InForce(change.Pipeline, change.From, change.From).ToList();
        var streams = before.Count == 0 || ledger.MayLack(change.Pipeline, change.From, change.From) ? []
            : before[0].Definition!.Stages.Where(stage => change.Definition?.Stage(stage.Name) is null
                && before.TrueForAll(text => text.Definition!.Stage(stage.Name) is not null))
                .Select(before[0].Definition!.StreamOf);
        foreach (var stream in streams)
        {
            foreach (var other in ledger.Pipelines.Where(other => other != change.Pipeline))
            {
                var texts = ledger.InForce(other, change.From, change.To).ToList();
                if (texts.Count > 0 && texts.TrueForAll(text => text.Definition!.Reads(stream))
                    && !ledger.MayLack(other, change.From, change.To))
                {
                    yield return $"{stream} was taken away while {other} reads it: {change}";
                }
            }
        }
    }
}
