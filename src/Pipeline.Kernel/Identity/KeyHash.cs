namespace Pipeline.Kernel.Identity;

/// <summary>
/// How a stream's keys find their slots; named in the catalog, beside each stream, as the events already written stay
/// where it put them. It also fixes which of several members of one name an event's key is.
/// </summary>
public enum KeyHash : byte
{
    /// <summary><c>xxh64-1</c>: XXH64 of the key's bytes; of several key members the last counts.</summary>
    ByText = 1,

    /// <summary>
    /// <c>xxh64-2</c>: the same, but a key that reads as a JSON number is hashed by its value, so that 1, 1.0 and 10e-1
    /// meet; of several key members the first counts, as in queries.
    /// </summary>
    ByValue = 2,
}
