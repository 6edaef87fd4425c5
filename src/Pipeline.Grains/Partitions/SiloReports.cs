namespace Pipeline.Grains.Partitions;

/// <summary>
/// What silos said of their partitions, as the keeper holds it: so it asks only those that nobody says he serves. Lives
/// on the keeper's scheduler.
/// </summary>
/// <param name="time">Measures how old a silo's word is.</param>
internal sealed class SiloReports(TimeProvider time)
{
    /// <summary>A silo that said nothing for so long is asked for each of its partitions.</summary>
    private static readonly TimeSpan Silent = TimeSpan.FromSeconds(2);

    private readonly Dictionary<SiloAddress, Said> _said = [];

    /// <summary>Takes a report; false: one before it was lost, the silo is to name all.</summary>
    public bool Take(SiloReport report)
    {
        if (!_said.TryGetValue(report.Silo, out var said) || report.IsFull)
        {
            if (!report.IsFull)
            {
                return false;
            }

            _said[report.Silo] = said = new Said();
        }
        else if (report.Number != said.Number + 1)
        {
            _said.Remove(report.Silo);
            return false;
        }

        (said.Number, said.At) = (report.Number, time.GetTimestamp());
        foreach (var (key, partition) in report.Partitions)
        {
            said.Partitions[key] = partition;
        }

        foreach (var gone in report.Gone)
        {
            said.Partitions.Remove(gone);
        }

        return true;
    }

    /// <summary>Forgets silos that are not active any more.</summary>
    public void Keep(IReadOnlySet<SiloAddress> active)
    {
        foreach (var gone in _said.Keys.Where(silo => !active.Contains(silo)).ToList())
        {
            _said.Remove(gone);
        }
    }

    /// <summary>
    /// How a partition is, where exactly one silo says that it serves it and has said something lately; else null.
    /// </summary>
    public PartitionReport? Find(string key)
    {
        PartitionReport? found = null;
        foreach (var said in _said.Values)
        {
            if (time.GetElapsedTime(said.At) < Silent
                && said.Partitions.GetValueOrDefault(key) is { IsServing: true } report)
            {
                if (found is not null)
                {
                    return null;
                }

                found = report;
            }
        }

        return found;
    }

    private sealed class Said
    {
        public Dictionary<string, PartitionReport> Partitions { get; } = [];

        public long Number { get; set; }

        public long At { get; set; }
    }
}
