namespace Pipeline.Simulation.Histories;

/// <summary>Everything clients and readers saw in a run, for the checkers.</summary>
public sealed class History
{
    private readonly SortedDictionary<(int Partition, long Offset), ReadEvent> _seen = [];
    private readonly List<string> _notes = [];

    public List<SentRequest> Requests { get; } = [];

    /// <summary>Operations on the test register, in the order of their calls.</summary>
    public List<RegisterOperation> Register { get; } = [];

    /// <summary>Who appended where.</summary>
    public AppendLedger Appends { get; } = new();

    /// <summary>What readers ever saw committed.</summary>
    public IReadOnlyDictionary<(int Partition, long Offset), ReadEvent> Seen => _seen;

    /// <summary>Contradictions noticed while the run went on.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>What else happened, for people.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public void Note(string what) => _notes.Add(what);

    /// <summary>A reader saw an event: it must be the same for every reader, for ever.</summary>
    public void Saw(int partition, in ReadEvent read)
    {
        if (_seen.TryGetValue((partition, read.Offset), out var before) && before != read)
        {
            Violations.Add($"{partition}/{read.Offset} was {before} and is now {read}");
        }

        _seen[(partition, read.Offset)] = read;
    }
}
