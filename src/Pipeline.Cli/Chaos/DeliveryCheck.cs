using System.Collections;

namespace Pipeline.Cli.Chaos;

/// <summary>Compares what one place holds with what writers know.</summary>
/// <param name="place">Which: stream, stage, sink.</param>
/// <param name="keys">What was sent, by key.</param>
internal sealed class DeliveryCheck(string place, IReadOnlyDictionary<string, KeyRecord> keys)
{
    private readonly Dictionary<string, (BitArray Seen, long Last)> _seen = new(keys.Count);

    public string Place => place;

    /// <summary>False: it could not be read, so nothing is known of it.</summary>
    public bool IsAnswered { get; init; } = true;

    /// <summary>Events that are there, each counted once.</summary>
    public long Found { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Events that come after a later one of their key.</summary>
    public long Disordered { get; private set; }

    /// <summary>Events that nobody sent.</summary>
    public long Foreign { get; private set; }

    /// <summary>Events that were acknowledged and are not there.</summary>
    public long Lost => keys.Sum(pair => Missing(pair.Key, pair.Value.Acknowledged));

    /// <summary>The next event, as the place gives them.</summary>
    public void Take(string key, long number)
    {
        if (!keys.TryGetValue(key, out var record) || number < 0 || number >= record.Sent)
        {
            Foreign++;
            return;
        }

        var (seen, last) = _seen.TryGetValue(key, out var known) ? known : (new BitArray((int)record.Sent), -1);
        if (seen[(int)number])
        {
            Duplicates++;
            return;
        }

        seen[(int)number] = true;
        Found++;
        Disordered += number < last ? 1 : 0;
        _seen[key] = (seen, Math.Max(number, last));
    }

    private long Missing(string key, long acknowledged)
    {
        if (!_seen.TryGetValue(key, out var known))
        {
            return acknowledged;
        }

        var missing = 0L;
        for (var number = 0; number < acknowledged; number++)
        {
            missing += known.Seen[number] ? 0 : 1;
        }

        return missing;
    }
}
