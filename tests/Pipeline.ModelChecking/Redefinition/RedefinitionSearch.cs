using Pipeline.ModelChecking.Exploration;
using Xunit;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>Searches worlds in which definitions change, and says what was searched.</summary>
internal static class RedefinitionSearch
{
    /// <summary>No stated world is as large; it bounds the memory of a search that goes astray.</summary>
    private const int StatesMax = 12_000_000;

    public static void HoldsToTheEnd(RedefinitionOptions options)
    {
        var result = Run(options);
        Assert.Null(result.Violation);
        Assert.True(result.IsComplete, "the world is larger than the search may be");
    }

    public static void Catches(RedefinitionOptions options, RedefinitionFlaws flaw)
    {
        var result = Run(options with { Flaws = flaw });
        Assert.NotNull(result.Violation);
        Assert.NotEmpty(result.Schedule);
    }

    public static SearchResult Run(RedefinitionOptions options)
    {
        var result = new BreadthFirstSearch<RedefinitionWorld>(new RedefinitionWorld(options), StatesMax).Run();
        Console.WriteLine(
            $"model checking, redefinition: {TestContext.Current.TestMethod?.MethodName} ({options}): {result}");
        return result;
    }
}
