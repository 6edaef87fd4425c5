using Pipeline.Simulation.Histories;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>Finds what stands in the output streams by the name of the event and the marks it passed.</summary>
public sealed class OutputIndex
{
    private readonly Dictionary<(string Stream, long Client, long Number, long Path), List<PlacedOutput>> _byName = [];
    private readonly List<PlacedOutput> _all = [];

    public IReadOnlyList<PlacedOutput> All => _all;

    public void Add(string stream, IReadOnlyList<IReadOnlyList<ReadEvent>> logs)
    {
        for (var partition = 0; partition < logs.Count; partition++)
        {
            for (var i = 0; i < logs[partition].Count; i++)
            {
                Add(new PlacedOutput(stream, partition, i, PassedEvent.Parse(logs[partition][i])));
            }
        }
    }

    public IReadOnlyList<PlacedOutput> Find(string stream, in PassedEvent passed) =>
        _byName.GetValueOrDefault((stream, passed.Client, passed.Number, passed.Path)) ?? [];

    private void Add(PlacedOutput output)
    {
        var name = (output.Stream, output.Passed.Client, output.Passed.Number, output.Passed.Path);
        if (!_byName.TryGetValue(name, out var list))
        {
            _byName[name] = list = [];
        }

        list.Add(output);
        _all.Add(output);
    }
}
