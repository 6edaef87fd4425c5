using System.Text.Json.Nodes;

namespace Pipeline.TestKit.Loads;

/// <summary>Compares what was read with what was sent: nothing lost, nothing twice, each key in order.</summary>
public static class ExactlyOnce
{
    /// <param name="values">The values read, partition by partition, in order; each with "key" and "seq".</param>
    /// <param name="sent">How many events each key was given, numbered from 0.</param>
    public static async Task HoldsAsync(IAsyncEnumerable<JsonNode> values, IReadOnlyDictionary<string, long> sent)
    {
        var next = new Dictionary<string, long>();
        await foreach (var value in values)
        {
            var key = (string)value["key"]!;
            var expected = next.GetValueOrDefault(key);
            var number = (long)value["seq"]!;
            Assert.True(number == expected, $"{key}: {number} comes where {expected} belongs");
            next[key] = expected + 1;
        }

        Assert.NotEmpty(sent);
        var missing = sent.Where(key => next.GetValueOrDefault(key.Key) != key.Value)
            .Select(key => $"{key.Key}: {next.GetValueOrDefault(key.Key)} of {key.Value} are there").ToList();
        Assert.True(missing.Count == 0, string.Join(", ", missing.Take(20)));
        Assert.Equal(sent.Count, next.Count);
    }
}
