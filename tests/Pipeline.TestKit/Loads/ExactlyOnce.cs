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
        foreach (var (key, count) in sent)
        {
            var found = next.GetValueOrDefault(key);
            Assert.True(found == count, $"{key}: {found} of {count} are there");
        }

        Assert.Equal(sent.Count, next.Count);
    }
}
