using System.Text.Json;
using Pipeline.Cli.Output;
using Xunit;

namespace Pipeline.Cli.Tests.Output;

public sealed class BackupTablesTests
{
    private const string Answer = """
        {"to":"backups","schedule":"0 3 * * *","keep":"30d",
         "lastDrill":{"time":"2026-11-29T15:04:05.1234567Z","backup":"20261128t150405z-1a2b3c4d","ok":true,"seconds":9},
         "backups":[
          {"id":"20261130t150405z-1a2b3c4d","state":"running","started":"2026-11-30T15:04:05.1234567Z","cut":null,
           "finished":null,"bytes":0,"newBytes":1048576,"events":0,"reason":null},
          {"id":"20261129t150405z-1a2b3c4d","state":"failed","started":"2026-11-29T15:04:05.1234567Z","cut":null,
           "finished":null,"bytes":0,"newBytes":0,"events":0,"reason":"no majority of the stores \u001b[2J answers"},
          {"id":"20261128t150405z-1a2b3c4d","state":"done","started":"2026-11-28T15:04:05.1234567Z",
           "cut":"2026-11-28T15:04:06.1234567Z","finished":"2026-11-28T15:04:07.1234567Z","bytes":1097364144128,
           "newBytes":1023410176,"events":9999999999,"reason":null}]}
        """;

    [Fact]
    public void At_80_columns_each_row_is_one_line()
    {
        var lines = Lines(Answer, isRedirected: false);

        Assert.All(
            lines.Where(static line => !line.Contains("no majority", StringComparison.Ordinal)),
            static line => Assert.InRange(line.Length, 0, 80));
        Assert.Single(lines, static line => line.StartsWith("20261128t150405z-1a2b3c4d done", StringComparison.Ordinal)
            && line.Contains("2026-11-28 15:04:06Z", StringComparison.Ordinal)
            && line.Contains("9999999999", StringComparison.Ordinal)
            && line.EndsWith(" 976M", StringComparison.Ordinal));
    }

    [Fact]
    public void Why_one_failed_and_when_a_drill_went_well_is_told_below()
    {
        var lines = Lines(Answer, isRedirected: true);

        Assert.Contains(@"20261129t150405z-1a2b3c4d: no majority of the stores \u001b[2J answers", lines);
        Assert.Contains(
            "The last drill that went well: 2026-11-29 15:04:05Z, of 20261128t150405z-1a2b3c4d.", lines);
        Assert.Contains("There are no backups yet.", Lines("""{"lastDrill":null,"backups":[]}""", isRedirected: true));
    }

    [Theory]
    [InlineData(0L, "0B")]
    [InlineData(999L, "999B")]
    [InlineData(1000L, "1.0K")]
    [InlineData(1L << 20, "1.0M")]
    [InlineData(123_456_789L, "118M")]
    [InlineData(long.MaxValue, "8.0E")]
    public void Bytes_take_five_letters_at_most(long bytes, string expected) =>
        Assert.Equal(expected, ByteSize.Of(bytes));

    private static List<string> Lines(string answer, bool isRedirected)
    {
        var written = new StringWriter();
        var console = Terminal.For(written, isRedirected);
        console.Profile.Width = isRedirected ? console.Profile.Width : 80;
        BackupTables.Write(console, JsonDocument.Parse(answer).RootElement);
        return [.. written.ToString().Split('\n').Select(static line => line.TrimEnd())];
    }
}
