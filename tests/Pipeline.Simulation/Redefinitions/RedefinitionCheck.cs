using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// What the drawn pipelines wrote, against the record of what was sent and of which definitions were acknowledged,
/// refused, or not answered: docs/simulation.md.
/// </summary>
public sealed class RedefinitionCheck(World world, StreamContents contents)
{
    private readonly ChangeLedger _ledger = world.Changes;
    private readonly OutputIndex _outputs = new();
    private readonly Dictionary<(long Client, long Number), long> _sentAt = [];

    public IEnumerable<string> Check()
    {
        foreach (var request in world.History.Requests)
        {
            foreach (var sent in request.Events)
            {
                _sentAt[(sent.Client, sent.Number)] = request.SentAt;
            }
        }

        var streams = _ledger.Changes.Where(static change => change.MayBeInForce)
            .SelectMany(static change => change.Definition!.Stages.Where(static stage => !stage.IsWindow)
                .Select(stage => change.Definition.StreamOf(stage))).Distinct();
        foreach (var stream in streams)
        {
            _outputs.Add(stream, contents.Of(stream));
        }

        return Lives().Where(life => !IsGone(life.Pipeline, life.Life)).SelectMany(CheckLife)
            .Concat(Unexplained())
            .Concat(DeadLetters());
    }

    /// <summary>Every pipeline of every name, as often as it was created.</summary>
    private IEnumerable<(string Pipeline, int Life)> Lives() =>
        _ledger.Pipelines.SelectMany(name => Enumerable.Range(0, _ledger.Life(name) + 1).Select(life => (name, life)));

    /// <summary>Its streams may have been deleted.</summary>
    private bool IsGone(string pipeline, int life) => _ledger.Of(pipeline).Any(change =>
        change.DeletesStreams && change.Life >= life && change.Knowledge != Knowledge.Refused);

    private IEnumerable<string> CheckLife((string Pipeline, int Life) of)
    {
        var texts = _ledger.Of(of.Pipeline).Where(change => change.MayBeInForce && change.Life == of.Life).ToList();
        var own = texts.SelectMany(static text => text.Definition!.Stages
            .Where(stage => !stage.IsWindow && !text.Definition.IsFused(stage))
            .Select(static stage => stage.Name)).Distinct();
        return own.SelectMany(stage => CheckStage(new StageLife(_ledger, of.Pipeline, of.Life, stage, texts), of))
            .Concat(WindowCheck.Check(_ledger, of.Pipeline, of.Life, texts, contents, _sentAt))
            .Concat(SinkCheck.Check(world, of.Pipeline, of.Life, texts, contents));
    }

    private IEnumerable<string> CheckStage(StageLife life, (string Pipeline, int Life) of)
    {
        var logs = contents.Of(life.Input);
        for (var partition = 0; partition < logs.Count; partition++)
        {
            var passage = new Passage(_ledger, life, _outputs);
            foreach (var read in logs[partition])
            {
                var input = PassedEvent.Parse(read);
                passage.Add(input, _sentAt[(input.Client, input.Number)]);
            }

            if (passage.Wrong.Count > 0)
            {
                yield return $"{of.Pipeline}.{life.Stage} (life {of.Life}) from {life.Input}/{partition}: "
                    + $"{passage.Lost} lost, {passage.Twice} twice, {passage.Wrong.Count} wrong of "
                    + $"{logs[partition].Count}: {passage.Wrong[0]}";
            }
        }
    }

    /// <summary>Outputs that no text makes; where what they were made from was deleted, nobody can know.</summary>
    private IEnumerable<string> Unexplained()
    {
        var gone = Lives().Where(life => IsGone(life.Pipeline, life.Life))
            .SelectMany(life => _ledger.Of(life.Pipeline).Where(c => c.MayBeInForce && c.Life == life.Life))
            .SelectMany(static change => change.Definition!.Stages).Select(static stage => stage.Mark).ToHashSet();
        foreach (var stream in _outputs.All
            .Where(output => !output.IsExplained && !output.Passed.Passed(gone))
            .GroupBy(static output => output.Stream))
        {
            var first = stream.First();
            yield return $"{stream.Count()} events of {stream.Key} come from nowhere, the first at "
                + $"{first.Partition}/{first.Index}: {first.Passed}";
        }
    }

    private IEnumerable<string> DeadLetters() => contents.Streams
        .Where(static stream => stream.EndsWith(".dead-letters", StringComparison.Ordinal))
        .Where(stream => contents.Of(stream).Any(static log => log.Count > 0))
        .Select(stream => $"{stream} is not empty: {contents.Of(stream).First(static log => log.Count > 0)[0].Value}");
}
