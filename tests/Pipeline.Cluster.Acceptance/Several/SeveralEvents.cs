using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Cluster.Acceptance.Several;

/// <summary>A window's result: how many events, and the sum of their numbers.</summary>
internal readonly record struct WindowSum(long Count, long Total)
{
    public WindowSum Add(long number) => new(Count + 1, Total + number);
}

/// <summary>
/// What is in an event is a function of its key and number; so what stages make of all that was acknowledged can be
/// computed anew, from nothing but how many events each key was given.
/// </summary>
internal static class SeveralEvents
{
    private const int Buckets = 7;
    private const int Others = 5;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Size = TimeSpan.FromSeconds(10);

    /// <summary>A time after that of all events.</summary>
    public static string End => "2026-06-01T00:00:00Z";

    /// <summary>What an event has beside its key and number, as JSON.</summary>
    public static string Fields(string key, long number) => string.Create(
        CultureInfo.InvariantCulture,
        $",\"t\":\"{Start + (Step * number):yyyy-MM-ddTHH:mm:ss.fffZ}\",\"bucket\":\"{Bucket(number)}\","
        + $"\"other\":\"o{key.Sum(static letter => letter) % Others}\"");

    /// <summary>Windows by bucket over all events.</summary>
    public static Dictionary<(string Group, DateTimeOffset End), WindowSum> ByBucket(
        IReadOnlyDictionary<string, long> sent) =>
        Windows(sent, static _ => true, static (_, number) => Bucket(number));

    /// <summary>Windows by key over all events but every fifth.</summary>
    public static Dictionary<(string Group, DateTimeOffset End), WindowSum> ByKey(
        IReadOnlyDictionary<string, long> sent) =>
        Windows(sent, static number => number % 5 != 0, static (key, _) => key);

    /// <summary>
    /// The same as a stream or a sink has them; each once, and those of a group in the order of time.
    /// </summary>
    public static void AreEqual(
        Dictionary<(string Group, DateTimeOffset End), WindowSum> expected, IEnumerable<JsonNode> values, string group)
    {
        var found = new Dictionary<(string Group, DateTimeOffset End), WindowSum>();
        var last = new Dictionary<string, DateTimeOffset>();
        foreach (var value in values)
        {
            var name = (string)value[group]!;
            var end = DateTimeOffset.Parse((string)value["windowEnd"]!, CultureInfo.InvariantCulture);
            Assert.True(
                found.TryAdd((name, end), new WindowSum((long)value["n"]!, (long)value["total"]!)),
                $"the window of {name} that ends at {end:O} is there twice");
            var before = last.GetValueOrDefault(name);
            Assert.True(end > before, $"{name}: {end:O} comes after {before:O}");
            last[name] = end;
        }

        var wrong = expected.Where(window => found.GetValueOrDefault(window.Key) != window.Value)
            .Select(window => $"{window.Key}: {found.GetValueOrDefault(window.Key)}, not {window.Value}").ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {expected.Count}: {string.Join("\n", wrong.Take(5))}");
        Assert.Equal(expected.Count, found.Count);
    }

    private static Dictionary<(string Group, DateTimeOffset End), WindowSum> Windows(
        IReadOnlyDictionary<string, long> sent, Func<long, bool> counts, Func<string, long, string> group)
    {
        var windows = new Dictionary<(string, DateTimeOffset), WindowSum>();
        foreach (var (key, events) in sent)
        {
            for (var number = 0L; number < events; number++)
            {
                if (counts(number))
                {
                    var window = (group(key, number), EndOf(number));
                    windows[window] = windows.GetValueOrDefault(window).Add(number);
                }
            }
        }

        return windows;
    }

    /// <summary>A window is (end - size, end].</summary>
    private static DateTimeOffset EndOf(long number) =>
        Start + (Size * Math.Ceiling(Step * number / Size));

    private static string Bucket(long number) => string.Create(CultureInfo.InvariantCulture, $"b{number % Buckets}");
}
