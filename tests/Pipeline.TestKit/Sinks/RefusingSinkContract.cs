using System.Text.Json.Nodes;
using Pipeline.TestKit.Machines;

namespace Pipeline.TestKit.Sinks;

/// <summary>
/// The same of sinks whose target may refuse an event: it is in the dead letters, once. The target refuses what is no
/// number.
/// </summary>
public abstract class RefusingSinkContract : SinkContract
{
    [Fact]
    public async Task Rows_that_are_refused_are_dead_letters_once_and_all_others_are_written()
    {
        var place = await PlaceAsync();
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.ApplyAsync(Definition(place));
        List<string> values = [.. Enumerable.Range(0, 300).Select(static n =>
            n % 50 == 7 ? $$"""{"n":"no number {{n}}"}""" : $$"""{"n":{{n}}}""")];
        await host.AppendAsync(Stream, "mixed", values);
        for (var kill = 0; kill < 3; kill++)
        {
            var refused = kill;
            await host.UntilAsync(status => status.Counts.DeadLetters > refused || status.Cursor == values.Count);
            await host.StartAsync();
        }

        long[] others = [.. Enumerable.Range(0, 300).Where(static n => n % 50 != 7).Select(static n => (long)n)];
        await Eventually.IsTrueAsync(
            async () => (await place.NumbersAsync()).Count >= others.Length, Limit, "all other rows");
        await host.UntilAsync(status => status.Cursor == values.Count);
        Assert.Equal(others, await place.NumbersAsync());
        var letters = (await host.LettersAsync()).Select(static letter => JsonNode.Parse(letter)!).ToList();
        Assert.Equal(
            [7, 57, 107, 157, 207, 257], letters.Select(static letter => letter["offset"]!.GetValue<int>()));
        Assert.All(letters, static letter =>
        {
            Assert.Equal($$"""{"n":"no number {{letter["offset"]}}"}""", letter["value"]!.ToJsonString());
            Assert.Equal("out", letter["stage"]!.GetValue<string>());
            Assert.NotEmpty(letter["reason"]!.GetValue<string>());
        });
    }
}
