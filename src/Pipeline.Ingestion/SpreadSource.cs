namespace Pipeline.Ingestion;

/// <summary>Random partitions for requests without key and handle (SplitMix64; Steele et al., OOPSLA 2014).</summary>
internal sealed class SpreadSource(Random seed)
{
    private long _state = seed.NextInt64();

    public int Next(int partitions)
    {
        var z = unchecked((ulong)Interlocked.Add(ref _state, unchecked((long)0x9E3779B97F4A7C15)));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)partitions);
    }
}
