using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Engine;
using Pipeline.TestKit.Loops;
using Xunit;

namespace Pipeline.Runtime.Tests.Engine;

/// <summary>How long a partition that does not serve keeps nobody from anything.</summary>
public sealed class OpeningPartitionsTests
{
    private static readonly PartitionId Old = new(new StreamName("s"), 0);
    private static readonly PartitionId Added = new(new StreamName("s"), 1);

    private readonly ManualLoop _time = new();

    [Fact]
    public void What_was_there_at_the_start_is_expected_at_once()
    {
        var opening = new OpeningPartitions(_time);
        opening.Expect([Old]);

        Assert.Equal([Old], opening.Missing([(Old, false)]));
        Assert.Empty(opening.Missing([(Old, true)]));
        Assert.Equal([Old], opening.Missing([(Old, false)]));
    }

    [Fact]
    public void Who_does_not_know_yet_what_there_is_makes_nothing_be_forgotten()
    {
        var opening = new OpeningPartitions(_time);
        Assert.Empty(opening.Missing(null));
        opening.Expect([Old]);

        // A question that began before, and ends after.
        Assert.Empty(opening.Missing(null));
        Assert.Equal([Old], opening.Missing([(Old, false)]));
    }

    [Fact]
    public void What_a_change_added_has_ten_seconds_to_open()
    {
        var opening = new OpeningPartitions(_time);
        opening.Expect([Old]);

        Assert.Empty(opening.Missing([(Old, true), (Added, false)]));
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Empty(opening.Missing([(Old, true), (Added, false)]));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([Added], opening.Missing([(Old, true), (Added, false)]));
    }

    [Fact]
    public void What_has_served_is_missed_as_soon_as_it_does_not()
    {
        var opening = new OpeningPartitions(_time);
        opening.Expect([]);

        Assert.Empty(opening.Missing([(Added, false)]));
        Assert.Empty(opening.Missing([(Added, true)]));
        Assert.Equal([Added], opening.Missing([(Added, false)]));
    }

    [Fact]
    public void What_was_deleted_and_is_made_again_has_its_time_again()
    {
        var opening = new OpeningPartitions(_time);
        opening.Expect([Old]);

        Assert.Empty(opening.Missing([]));
        Assert.Empty(opening.Missing([(Old, false)]));
    }
}
