namespace Pipeline.Simulation.Redefinitions;

/// <summary>An event of an output stream, where it stands, and whether the checker knows where it comes from.</summary>
public sealed class PlacedOutput(string stream, int partition, int index, PassedEvent passed)
{
    public string Stream => stream;

    public int Partition => partition;

    public int Index => index;

    public PassedEvent Passed => passed;

    public bool IsExplained { get; set; }
}
