using System.Text.Json;
using Pipeline.Cli.Output;
using Spectre.Console;
using Xunit;

namespace Pipeline.Cli.Tests.Output;

/// <summary>What top and dlq show fits on a terminal, and goes through a pipe a line a row.</summary>
public sealed class WatchTablesTests
{
    private const string Health = """
        {"status":"degraded","partitions":4,"partitionsServing":4,
          "stores":[{"name":"1","voting":true},{"name":"2","voting":false}]}
        """;

    private const string Alerts = """{"alerts":[{"name":"store-lost","labels":{"store":"2"},"value":1}]}""";

    [Fact]
    public void Top_shows_rates_between_two_looks_the_busiest_first()
    {
        var rates = new TopRates();
        rates.Look(Streams(100, 1000), Pipelines(100), 0, TimeProvider.System);
        Assert.Null(rates.OfStream("slow"));
        rates.Look(
            Streams(102, 9000), Pipelines(4100), 2 * TimeProvider.System.TimestampFrequency, TimeProvider.System);
        var lines = Lines(false, console => TopTables.Write(
            console, rates, new TopAnswers(Json(Health), Streams(102, 9000), Pipelines(4100), Json(Alerts))));

        Assert.Equal("degraded, 1 of 2 stores well, 4 of 4 partitions serve", lines[0]);
        Assert.StartsWith("store-lost store 2 1", lines[1], StringComparison.Ordinal);
        var (fast, slow) = (Find(lines, "fast"), Find(lines, "slow"));
        Assert.True(fast < slow);
        Assert.Contains("4,000", lines[fast], StringComparison.Ordinal);
        var stage = lines[Find(lines, "telemetry/perDevice")];
        Assert.Contains("2,000", stage, StringComparison.Ordinal);
        Assert.Contains("123,456", stage, StringComparison.Ordinal);
        Assert.EndsWith("catching-up", stage.TrimEnd(), StringComparison.Ordinal);
        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public void A_dead_letter_of_several_lines_and_escape_sequences_is_one_line_without()
    {
        var page = DeadLetterPage.Read(Json(
            """
            {"deadLetters":[{"stage":"a","stream":"s","partition":1,"offset":7,"attempts":1,"value":1,
              "reason":"'x\u001b[31m\nred\u0007' is no bigint"}],"next":1}
            """));
        var list = Lines(true, console => DeadLetterTables.WriteList(console, page));
        Assert.Equal(2, list.Count);
        Assert.EndsWith(@"'x\u001b[31m\nred\u0007' is no bigint", list[1].TrimEnd(), StringComparison.Ordinal);
        var one = string.Concat(Lines(true, console => DeadLetterTables.WriteOne(console, page.Letters[0])));
        Assert.DoesNotContain(one, char.IsControl);
    }

    [Fact]
    public void Dead_letters_are_numbered_by_their_offsets()
    {
        var page = DeadLetterPage.Read(Json(
            """
            {"deadLetters":[
              {"stage":"a","stream":"s","partition":1,"offset":7,"reason":"no time","attempts":1,"value":{"ts":"x"}},
              {"stage":"a","stream":"s","partition":0,"offset":9,"reason":"REASON","attempts":1,"value":1}],
             "next":12}
            """.Replace("REASON", new string('r', 200), StringComparison.Ordinal)));
        Assert.Equal([10, 11], page.Letters.Select(static letter => letter.Number));

        Assert.All(Lines(false, console => DeadLetterTables.WriteList(console, page)), static line =>
            Assert.InRange(line.Length, 0, 80));
        var piped = Lines(true, console => DeadLetterTables.WriteList(console, page));
        Assert.Equal(3, piped.Count);
        Assert.Contains("s/1:7", piped[1], StringComparison.Ordinal);
        Assert.EndsWith(new string('r', 200), piped[2].TrimEnd(), StringComparison.Ordinal);
        var one = string.Join('\n', Lines(false, console => DeadLetterTables.WriteOne(console, page.Letters[0])));
        Assert.Contains("\"ts\": \"x\"", one, StringComparison.Ordinal);
        Assert.Contains("no time", one, StringComparison.Ordinal);
    }

    private static int Find(List<string> lines, string name) =>
        lines.FindIndex(line => line.StartsWith(name + " ", StringComparison.Ordinal));

    private static JsonElement Streams(long slow, long fast) => Json($$"""
        [{"name":"slow","partitions":[{"committed":{{slow}},"first":0,"bytes":10}]},
         {"name":"fast","partitions":[{"committed":{{fast}},"first":0,"bytes":1048576}]}]
        """);

    private static JsonElement Pipelines(long cursor) => Json($$"""
        [{"name":"telemetry","instances":[{"stage":"perDevice","cursor":{{cursor}},"lagEvents":123456,"deadLetters":2,
          "state":"catching-up"}]}]
        """);

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    private static List<string> Lines(bool isRedirected, Action<IAnsiConsole> write)
    {
        using var text = new StringWriter();
        var console = Terminal.For(text, isRedirected);
        if (!isRedirected)
        {
            console.Profile.Width = 80;
        }

        write(console);
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}
