using Pipeline.Monitoring.Metrics;
using Pipeline.Processing.Instances;
using Xunit;

namespace Pipeline.Http.Tests.Metrics;

/// <summary>What gauges of stages remember from one look to the next.</summary>
public class StageTotalsTests
{
    private static readonly StageKey Key = new("p", "s", 0);

    private readonly DeadLetterTotals _letters = new();
    private readonly WatermarkStalls _stalls = new();
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Dead_letters_go_on_when_an_instance_starts_anew_and_are_forgotten_with_it()
    {
        Assert.Equal([0L, 5, 5, 7, 8], new long[] { 0, 5, 5, 2, 3 }.Select(Letters));
        Assert.Empty(_letters.Read([]));
        Assert.Equal(1, Letters(1));
    }

    [Fact]
    public void A_watermark_stalls_while_events_are_read_and_not_while_the_stage_rests()
    {
        Assert.Equal(0, Stall(0, watermark: 1, cursor: 1));
        Assert.Equal(0, Stall(3600, watermark: 1, cursor: 1));
        Assert.Equal(0, Stall(1, watermark: 1, cursor: 2));
        Assert.Equal(60, Stall(60, watermark: 1, cursor: 3));
        Assert.Equal(120, Stall(60, watermark: 1, cursor: 3));
        Assert.Equal(0, Stall(121, watermark: 1, cursor: 3));
        Assert.Equal(0, Stall(1, watermark: 1, cursor: 4));
        Assert.Equal(10, Stall(10, watermark: 1, cursor: 5));
        Assert.Equal(0, Stall(1, watermark: 2, cursor: 6));
    }

    private static StageInstanceStatus Status(long letters, long watermark, long cursor) => new()
    {
        Stage = Key.Stage,
        Input = "i",
        Partition = Key.Partition,
        State = StageInstanceState.Running,
        Cursor = cursor,
        Watermark = watermark,
        Counts = new StageCounts(0, 0, letters, 0),
    };

    private long Letters(long count) => Assert.Single(_letters.Read([(Key, Status(count, 0, 0))])).Value;

    /// <summary>So many seconds after the last look.</summary>
    private double Stall(int seconds, long watermark, long cursor)
    {
        _now = _now.AddSeconds(seconds);
        return Assert.Single(_stalls.Read([(Key, Status(0, watermark, cursor))], _now)).Value;
    }
}
