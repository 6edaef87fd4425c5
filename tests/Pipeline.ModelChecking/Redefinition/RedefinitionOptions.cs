namespace Pipeline.ModelChecking.Redefinition;

/// <summary>The bounds of a world in which definitions change.</summary>
internal sealed record RedefinitionOptions
{
    public required string Name { get; init; }

    /// <summary>The texts; the first one is in force when the search begins.</summary>
    public required TextPlan[] Texts { get; init; }

    /// <summary>The partitions, by their numbers; those that stages write are empty when the search begins.</summary>
    public required string[][] Partitions { get; init; }

    /// <summary>For each stream that stages write its number and its first partition.</summary>
    public required (long Stream, int First, int Count)[] Streams { get; init; }

    /// <summary>The text of each change.</summary>
    public required int[] Changes { get; init; }

    /// <summary>A change begins only when the one before is over.</summary>
    public bool IsSequential { get; init; }

    /// <summary>For each process that runs an instance: its register.</summary>
    public required int[] Runners { get; init; }

    /// <summary>How often the old text is resumed with a new term.</summary>
    public int Resumes { get; init; }

    /// <summary>A running instance may be cut where it runs.</summary>
    public bool CutsInPlace { get; init; }

    /// <summary>How often a cut is tried again whose outcome is not known.</summary>
    public int Repeats { get; init; }

    /// <summary>Attempts to cut an instance that a change has terms for.</summary>
    public int Attempts => Has(RedefinitionFlaws.AttemptsShareTerm) ? 0 : 1 + Repeats;

    /// <summary>For each stage that may have an instance of its own: its register and the partition it reads.</summary>
    public IReadOnlyDictionary<string, (int Register, int Input)> Homes { get; init; } =
        new Dictionary<string, (int, int)>();

    /// <summary>Whether each event passes all stages, however the text changes.</summary>
    public bool IsExact { get; init; } = true;

    /// <summary>What each stream holds in the end, in any order, without tags.</summary>
    public required IReadOnlyDictionary<long, string[]> Expected { get; init; }

    /// <summary>A stream that only some texts write: it holds what these texts put into the other one.</summary>
    public (long Stream, long Like, string Tags)? Optional { get; init; }

    public RedefinitionFlaws Flaws { get; init; }

    public bool Has(RedefinitionFlaws flaw) => (Flaws & flaw) != 0;

    public int PartitionOf(long stream, int partition) =>
        Array.Find(Streams, candidate => candidate.Stream == stream).First + partition;

    public override string ToString() => Flaws == RedefinitionFlaws.None ? Name : $"{Name}, {Flaws}";
}
