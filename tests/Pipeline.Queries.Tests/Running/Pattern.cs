using System.Text;
using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Tests.Running;

/// <summary>
/// A query as it stands on a page of the dialect, over the page's events: one JSON text a line, each with the time that
/// TIMESTAMP BY finds; time moves on with them and, in the end, far beyond.
/// </summary>
internal static class Pattern
{
    public static IReadOnlyList<string> Values(string query, string events)
    {
        var compiled = Run.Compile(query);
        var (machine, output) = (compiled.CreateOperator(), new Collected());
        foreach (var line in events.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var record = new StageRecord { Value = Encoding.UTF8.GetBytes(line) };
            Assert.True(compiled.Timestamp!.TryRead(record, out var time), line);
            machine.Process(new StageRecord { Time = time, Value = record.Value }, output);
            machine.Advance(time, output);
        }

        machine.Advance(Run.Second(0) + (20 * 365 * TimeSpan.TicksPerDay), output);
        Assert.Empty(output.Reasons);
        return output.Values;
    }
}
