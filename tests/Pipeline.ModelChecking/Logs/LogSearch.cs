using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Logs;

/// <summary>Searches log worlds and says what was searched.</summary>
internal static class LogSearch
{
    /// <summary>No stated world is as large; it bounds the memory of a search that goes astray.</summary>
    private const int StatesMax = 4_000_000;

    public static void HoldsToTheEnd(LogWorldOptions options)
    {
        var result = Run(options);
        Assert.Null(result.Violation);
        Assert.True(result.IsComplete, "the world is larger than the search may be");
    }

    public static SearchResult Run(LogWorldOptions options, Action<LogWorld>? visit = null)
    {
        var world = new LogWorld(options);
        var result = new BreadthFirstSearch<LogWorld>(world, StatesMax, visit).Run();
        Console.WriteLine($"model checking, log: {TestContext.Current.TestMethod?.MethodName} ({options}): {result}");
        return result;
    }
}
