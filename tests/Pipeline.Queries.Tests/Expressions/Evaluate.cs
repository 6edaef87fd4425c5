using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Expressions;

/// <summary>One expression over one event; a text that begins with ! is the reason of a rejection.</summary>
internal static class Evaluate
{
    public static void Check(string json, string expression, string expected, bool isStrict = false)
    {
        var run = new Run($"SELECT {expression} AS x FROM input", isStrict: isStrict).Event(json);
        var actual = run.Output.Values.Count == 1 ? run.Output.Values[0][5..^1] : $"! {run.Output.Reasons.Single()}";
        Assert.Equal(expected, actual);
    }
}
