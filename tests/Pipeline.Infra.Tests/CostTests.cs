using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Infra.Tests;

/// <summary>The cost table of docs/deploy.md follows from the log's settings and the prices it states.</summary>
public sealed partial class CostTests
{
    private const int Events = 1_000_000;
    private const int Stores = 3;

    private static string Page { get; } = Repository.Read("docs/deploy.md");

    [Theory]
    [InlineData("src/Pipeline.Kernel/Logs/LogOptions.cs", "MaxUncommittedBlocks { get; init; } = 1;", "Blocks` 1)")]
    [InlineData("src/Pipeline.Kernel/Logs/LogOptions.cs", "MaxBlockBytes { get; init; } = 4 << 20;", "4 MiB (`MaxB")]
    [InlineData("src/Pipeline.Kernel/Logs/LogOptions.cs", "CommitIdleTicks { get; init; } = 10 *", "10 ms (`Commit")]
    [InlineData("src/Pipeline.Kernel/Logs/LogOptions.cs", "OwnerCheckTicks { get; init; } = 3 *", "3 s (`OwnerCheck")]
    [InlineData("src/Pipeline.Silo/Hosting/SiloEngine.cs", "BlobSegmentFrames = 2000;", "2,000 blocks on blob storage")]
    public void TheSettingsAreThoseOfTheLog(string source, string setting, string said)
    {
        Assert.Contains(setting, Repository.Read(source), StringComparison.Ordinal);
        Assert.Contains(said, Page, StringComparison.Ordinal);
    }

    [Fact]
    public void EachRowFollowsFromTheFormula()
    {
        var price = Number(WritePrice().Match(Page).Groups[1].Value) / 10_000;
        var rows = Row().Matches(Page);
        Assert.Equal(6, rows.Count);
        foreach (Match row in rows)
        {
            var frames = row.Groups["quiet"].Success ? 2 : 1;
            var appends = Stores * (Events / Number(row.Groups["block"].Value)) * frames;
            Assert.Equal(appends, Number(row.Groups["appends"].Value));
            Assert.Equal(appends * price, Number(row.Groups["cost"].Value));
        }
    }

    [Fact]
    public void AnIdlePartitionCostsWhatThePageSays()
    {
        const decimal SecondsOfAMonth = 730 * 3600;
        Assert.Contains("3 × 876,000", Page, StringComparison.Ordinal);
        Assert.Equal(876_000, SecondsOfAMonth / 3);
        Assert.Contains($"= {Stores * 876_000 * 0.005m / 10_000:0.00}.", Page, StringComparison.Ordinal);
    }

    private static decimal Number(string text) =>
        decimal.Parse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"hot writes ([\d.]+), reads 0\.005 per 10,000", RegexOptions.CultureInvariant)]
    private static partial Regex WritePrice();

    [GeneratedRegex(
        @"^\| (?<block>[\d,]+?)(?<quiet>, each with nothing[^|]*)? \| (?<appends>[\d,]+) \| (?<cost>[\d.]+) \|$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Row();
}
