namespace Pipeline.Simulation.Histories;

/// <summary>
/// Which process appended to which epoch of which log: as the disks saw it, whatever anybody believes.
/// </summary>
public sealed class AppendLedger
{
    private readonly SortedDictionary<string, int> _owners = new(StringComparer.Ordinal);

    /// <summary>Two processes that appended in one epoch.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>An append to <c>logs/{stream}/{partition}/{epoch}-{segment}</c> was done.</summary>
    public void Note(string blob, int node)
    {
        var dash = blob.LastIndexOf('-');
        if (!blob.StartsWith("logs/", StringComparison.Ordinal) || dash < 0)
        {
            return;
        }

        var epoch = blob[..dash];
        if (!_owners.TryAdd(epoch, node) && _owners[epoch] != node)
        {
            Violations.Add($"n{_owners[epoch]} and n{node} both appended in epoch {epoch}");
        }
    }
}
