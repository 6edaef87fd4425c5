namespace Pipeline.ModelChecking.Exploration;

/// <summary>A set of 128-bit fingerprints in one array (open addressing), 16 bytes an entry.</summary>
public sealed class FingerprintSet
{
    private UInt128[] _slots = new UInt128[1 << 16];

    public int Count { get; private set; }

    /// <summary>True where it was not there yet.</summary>
    public bool Add(UInt128 fingerprint)
    {
        // Zero marks a free slot.
        var entry = fingerprint == 0 ? 1 : fingerprint;
        if (Count >= _slots.Length / 4 * 3)
        {
            Grow();
        }

        if (!Place(_slots, entry))
        {
            return false;
        }

        Count++;
        return true;
    }

    private static bool Place(UInt128[] slots, UInt128 entry)
    {
        var mask = slots.Length - 1;
        var at = (int)(ulong)entry & mask;
        while (slots[at] != 0)
        {
            if (slots[at] == entry)
            {
                return false;
            }

            at = (at + 1) & mask;
        }

        slots[at] = entry;
        return true;
    }

    private void Grow()
    {
        var larger = new UInt128[_slots.Length * 2];
        foreach (var entry in _slots)
        {
            if (entry != 0)
            {
                Place(larger, entry);
            }
        }

        _slots = larger;
    }
}
