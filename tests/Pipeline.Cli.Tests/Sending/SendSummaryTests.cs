using Pipeline.Cli.Sending;
using Xunit;

namespace Pipeline.Cli.Tests.Sending;

public class SendSummaryTests
{
    [Fact]
    public void Percentiles_are_latencies_that_were_measured()
    {
        var summary = new SendSummary();
        for (var i = 1; i <= 100; i++)
        {
            summary.Acknowledge(1, 0, TimeSpan.FromMilliseconds(i));
        }

        Assert.Equal((50, 99, 100), (summary.Percentile(0.5), summary.Percentile(0.99), summary.Percentile(1)));
    }

    [Fact]
    public void Without_answers_there_is_no_latency() => Assert.Equal(0, new SendSummary().Percentile(0.99));
}
