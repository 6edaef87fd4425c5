using System.Text.Json;
using Pipeline.Cli.Output;
using Spectre.Console;
using Xunit;

namespace Pipeline.Cli.Tests.Output;

public sealed class StatusTablesTests
{
    private const string Health = """{"stores":[{"name":"1","voting":true}]}""";

    private const string Streams = """
        [{"name":"readings","partitions":[{"partition":0,"first":0,"committed":12345678,"bytes":1048576,
          "newest":"2026-01-02T03:04:05.1234567Z"}]}]
        """;

    private const string Pipelines = """
        [{"name":"telemetry","instances":[{"stage":"perDevice","partition":3,"state":"catching-up","cursor":12345678,
          "lagEvents":123456,"deadLetters":12,"watermark":"2026-01-02T03:04:05.1234567Z",
          "error":"events 0 to 9 of readings/3 were deleted by hard retention before this stage had read them"}]}]
        """;

    [Fact]
    public void At_80_columns_each_row_is_one_line()
    {
        var lines = Lines(isRedirected: false);

        Assert.All(lines.Where(line => !line.Contains("events 0", StringComparison.Ordinal)), line =>
            Assert.InRange(line.Length, 0, 80));
        AssertRows(lines);
    }

    [Fact]
    public void Into_a_pipe_nothing_is_cut_in_two_however_long()
    {
        var longName = Pipelines.Replace("perDevice", new string('x', 300), StringComparison.Ordinal);

        var lines = Lines(isRedirected: true, longName);

        Assert.Contains(lines, line => line.Contains(new string('x', 300), StringComparison.Ordinal)
            && line.Contains("catching-up", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("events 0 to 9", StringComparison.Ordinal)
            && line.EndsWith("had read them", StringComparison.Ordinal));
        AssertRows(lines);
        Assert.DoesNotContain(lines, line => line.Contains('\x1b'));
    }

    [Fact]
    public void A_file_that_was_not_applied_is_told_below()
    {
        var refused = Pipelines.Replace(
            "\"instances\"",
            "\"refused\":{\"file\":\"t.yaml\",\"detail\":\"It was not applied.\"},\"instances\"",
            StringComparison.Ordinal);

        Assert.Contains("telemetry: t.yaml: It was not applied.", Lines(isRedirected: true, refused));
    }

    private static void AssertRows(List<string> lines)
    {
        Assert.Single(lines, line => line.Contains("readings", StringComparison.Ordinal)
            && line.Contains("12345678", StringComparison.Ordinal)
            && line.Contains("2026-01-02 03:04:05Z", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("telemetry/", StringComparison.Ordinal)
            && line.Contains("catching-up", StringComparison.Ordinal)
            && line.Contains("123456", StringComparison.Ordinal)
            && line.Contains("2026-01-02 03:04:05Z", StringComparison.Ordinal));
    }

    private static List<string> Lines(bool isRedirected, string pipelines = Pipelines)
    {
        var written = new StringWriter();
        var console = Terminal.For(written, isRedirected);
        console.Profile.Width = isRedirected ? console.Profile.Width : 80;
        StatusTables.WriteStores(console, JsonDocument.Parse(Health).RootElement);
        StatusTables.WriteWork(
            console, JsonDocument.Parse(Streams).RootElement, JsonDocument.Parse(pipelines).RootElement);
        return [.. written.ToString().Split('\n').Select(line => line.TrimEnd())];
    }
}
