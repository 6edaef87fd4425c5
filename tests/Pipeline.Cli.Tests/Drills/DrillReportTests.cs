using System.Text.Json.Nodes;
using Pipeline.Backups.Places;
using Pipeline.Cli.Drills;
using Pipeline.Cli.Output;
using Xunit;

namespace Pipeline.Cli.Tests.Drills;

public sealed class DrillReportTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 30, 15, 4, 5, TimeSpan.Zero);

    private static readonly Backup Backup = new()
    {
        Id = "20261130t150405z-1a2b3c4d",
        Deployment = "d",
        Started = Time,
        Cut = Time,
        Finished = Time,
        Bytes = 1 << 20,
        NewBytes = 0,
        Events = 1234,
        Registers = [],
        Blobs = [],
        Logs = [],
    };

    private static readonly DrillReport Report = new(
        Backup,
        Time,
        TimeSpan.FromSeconds(2.5),
        [
            new DrillCheck("hashes", "1.0M read", []),
            new DrillCheck("streams", "1 with 1 partitions", ["a/0 has <nothing> [0]"]),
        ]);

    [Fact]
    public void One_finding_is_enough_for_a_drill_that_went_wrong()
    {
        Assert.False(Report.IsOk);
        Assert.False(Report.Drill.IsOk);
        var json = JsonNode.Parse(Report.ToJson())!;
        Assert.Equal(2.5, (double)json["seconds"]!);
        Assert.Equal("a/0 has <nothing> [0]", (string)json["checks"]![1]!["findings"]![0]!);
        var written = new StringWriter();
        Report.Write(Terminal.For(written, isRedirected: true));
        Assert.Contains("right  hashes", written.ToString(), StringComparison.Ordinal);
        Assert.Contains("WRONG  streams", written.ToString(), StringComparison.Ordinal);
        Assert.Contains("  a/0 has <nothing> [0]", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_shows_findings_as_text()
    {
        var page = DrillPage.Write(Report);
        Assert.Contains("<li>a/0 has &lt;nothing&gt; [0]", page, StringComparison.Ordinal);
        Assert.Contains("<strong>wrong</strong>", page, StringComparison.Ordinal);
        Assert.Contains("1,234 events, 1.0M; rehearsed 2026-11-30 15:04:05Z, in 2.5 s", page, StringComparison.Ordinal);
    }
}
