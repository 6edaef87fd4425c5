using System.Globalization;
using System.Text;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Tests.Values;

public sealed class Iso8601Tests
{
    [Theory]
    [InlineData("2026-01-31", "2026-01-31T00:00:00.0000000Z")]
    [InlineData("2026-01-31T23:59", "2026-01-31T23:59:00.0000000Z")]
    [InlineData("2026-01-31 23:59:58", "2026-01-31T23:59:58.0000000Z")]
    [InlineData("2026-01-31T23:59:58Z", "2026-01-31T23:59:58.0000000Z")]
    [InlineData("2026-01-31t23:59:58.1z", "2026-01-31T23:59:58.1000000Z")]
    [InlineData("2026-01-31T23:59:58.123456789Z", "2026-01-31T23:59:58.1234567Z")]
    [InlineData("2026-01-31T23:59:58+02:00", "2026-01-31T21:59:58.0000000Z")]
    [InlineData("2026-01-31T23:59:58-0230", "2026-02-01T02:29:58.0000000Z")]
    [InlineData("2026-01-31T23:59+01", "2026-01-31T22:59:00.0000000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("2000-02-29", "2000-02-29T00:00:00.0000000Z")]
    [InlineData("20260131", "2026-01-31T00:00:00.0000000Z")]
    [InlineData("20260101T010203Z", "2026-01-01T01:02:03.0000000Z")]
    [InlineData("20260101T0102+0100", "2026-01-01T00:02:00.0000000Z")]
    [InlineData("2026-01", "2026-01-01T00:00:00.0000000Z")]
    [InlineData("2026-001", "2026-01-01T00:00:00.0000000Z")]
    [InlineData("2024366", "2024-12-31T00:00:00.0000000Z")]
    [InlineData("2026-031T10", "2026-01-31T10:00:00.0000000Z")]
    [InlineData("2026-W01-1", "2025-12-29T00:00:00.0000000Z")]
    [InlineData("2026W015", "2026-01-02T00:00:00.0000000Z")]
    [InlineData("2020-W53-7T12:00Z", "2021-01-03T12:00:00.0000000Z")]
    [InlineData("2026-W02", "2026-01-05T00:00:00.0000000Z")]
    [InlineData("2026-01-01T01", "2026-01-01T01:00:00.0000000Z")]
    [InlineData("2026-01-31T24:00:00Z", "2026-02-01T00:00:00.0000000Z")]
    [InlineData("2026-01-01T01.5Z", "2026-01-01T01:30:00.0000000Z")]
    [InlineData("2026-01-01T01:02:03.00000009999999999999Z", "2026-01-01T01:02:03.0000000Z")]
    [InlineData("2026-01-01T01.333333333333333333Z", "2026-01-01T01:19:59.9999999Z")]
    [InlineData("2026-01-01T01:00.3333333Z", "2026-01-01T01:00:19.9999980Z")]
    [InlineData("2026-01-01T0102,25", "2026-01-01T01:02:15.0000000Z")]
    public void Times_are_read(string text, string expected)
    {
        Assert.True(Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out var ticks));
        Assert.Equal(expected, new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("2026-1-31")]
    [InlineData("2026-13-01")]
    [InlineData("2026-00-01")]
    [InlineData("2026-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("0000-01-01")]
    [InlineData("2026-01-31T")]
    [InlineData("2026-01-31T24:00:01Z")]
    [InlineData("2026-01-31T25:00:00Z")]
    [InlineData("9999-12-31T24:00:00Z")]
    [InlineData("202601")]
    [InlineData("2026-0131")]
    [InlineData("2026-01T10:00")]
    [InlineData("2026-000")]
    [InlineData("2026-366")]
    [InlineData("2026-W54-1")]
    [InlineData("2025-W53-1")]
    [InlineData("2026-W00-1")]
    [InlineData("2026-W01-8")]
    [InlineData("2026W01-1")]
    [InlineData("2026-01-31T1")]
    [InlineData("2026-01-31T10:2")]
    [InlineData("2026-01-31T10203")]
    [InlineData("2026-01-31T23:60:00Z")]
    [InlineData("2026-01-31T23:59:60Z")]
    [InlineData("2026-01-31T23:59:58.Z")]
    [InlineData("2026-01-31T23:59:58X")]
    [InlineData("2026-01-31T23:59:58Zx")]
    [InlineData("2026-01-31T23:59:58+19:00")]
    [InlineData("2026-01-31T23:59:58+1")]
    [InlineData("2026-01-31T23:59:58+01:0")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("yesterday at noon")]
    public void Other_texts_are_not(string text) =>
        Assert.False(Iso8601.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Every_time_reads_back_and_agrees_with_the_calendar()
    {
        Span<byte> text = stackalloc byte[Iso8601.MaxLength];
        var random = new Random(1);
        for (var i = 0; i < 20_000; i++)
        {
            long[] units = [1, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerSecond];
            var unit = units[i % 3];
            var ticks = random.NextInt64(DateTime.MaxValue.Ticks / unit) * unit;
            var written = text[..Iso8601.Format(ticks, text)];
            Assert.True(Iso8601.TryParse(written, out var back));
            Assert.Equal(ticks, back);
            var time = DateTime.Parse(
                Encoding.UTF8.GetString(written), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
            Assert.Equal(ticks, time.Ticks);
        }
    }
}
